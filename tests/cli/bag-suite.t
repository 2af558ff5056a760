#!/bin/sh
# bag-suite.t - every case of the Library of Congress' bagit-conformance-suite by its name there, rebuilt: valid 0, invalid 1, warning 0 with words.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/bag.sh"

suite() { # VERSION KIND NAME: the bag $b is such a case; called as the suite's harness does, by its bare name
	mkdir -p "$T/suite" && rm -rf "$T/suite/$3" && mv "$b" "$T/suite/$3"
	cd "$T/suite" || exit 1
	case $2 in
	valid) rc "v$1/$2/$3" 0 soak_verify --bag "$3" ;;
	warning) rc "v$1/$2/$3" 0 soak_verify --bag "$3"; like "v$1/$2/$3: it is said" 'warning: ' "$T/err" ;;
	*) rc "v$1/$2/$3" 1 soak_verify --bag "$3"; [ -s "$T/err" ]; result $? "v$1/$2/$3: the reason is said" ;;
	esac
	cd "$T" || exit 1
}
b=$T/b
# The manifest's first line, for another path and, given it, with another digest.
again() { sed -n 1p "$b/manifest-md5.txt" | sed "s,  .*,  $1,;${2:+s/^......../$2/}" >>"$b/manifest-md5.txt"; }
twice() { printf 'Source-Organization: One\nSource-Organization: Two\nContact-Name: A\nContact-Name: B\n' >"$b/$1"; tags "$b" md5; }

# --- 0.93 to 0.96 -------------------------------------------------------------
for v in 0.93 0.94 0.95; do
	bag "$b" $v md5; mv "$b/bag-info.txt" "$b/package-info.txt"; tags "$b" md5; suite $v valid basic-bag
	bag "$b" $v md5; rm "$b/bag-info.txt"; twice package-info.txt; suite $v valid duplicate-metadata-entries
	bag "$b" $v md5; mv "$b/bag-info.txt" "$b/package-info.txt"; sed -i s/12.2/12.3/ "$b/package-info.txt"; tags "$b" md5; suite $v invalid another-oxum
done
bag "$b" 0.96 md5; suite 0.96 valid basic-bag
bag "$b" 0.96 md5; twice bag-info.txt; suite 0.96 valid duplicate-metadata-entries

# --- 0.97, valid --------------------------------------------------------------
for alg in md5 sha1 sha224 sha256 sha512; do bag "$b" 0.97 $alg; suite 0.97 valid basic-bag-$alg; done
bag "$b" 0.97 md5; rm "$b/bag-info.txt" "$b/tagmanifest-md5.txt"; suite 0.97 valid minimal-bag
bag "$b" 0.97 md5; twice bag-info.txt; suite 0.97 valid duplicate-metadata-entries
bag "$b" 0.97 md5; printf 'Source-Organization:no blank\nContact-Name:\ttab\nContact-Phone:   many\nExternal-Description: goes\n\ton\n  and on\n' >"$b/bag-info.txt"; tags "$b" md5; suite 0.97 valid uncommon-metadata-separators
bag "$b" 0.97 md5; printf 'External-Description: %s\n' "$(head -c 20000 /dev/zero | tr '\0' x)" >"$b/bag-info.txt"; tags "$b" md5; suite 0.97 valid long-lines
bag "$b" 0.97 md5; mkdir "$b/data/dir with space"; mv "$b/data/hello.txt" "$b/data/dir with space/a  b.txt"; sed -i 's,data/hello.txt,data/dir with space/a  b.txt,' "$b/manifest-md5.txt"; tags "$b" md5; suite 0.97 valid bag-with-space
bag "$b" 0.97 md5; mkdir "$b/data/%7Edir"; mv "$b/data/hello.txt" "$b/data/%7Edir/%test.txt"; mv "$b/data/sub/other file.txt" "$b/data/sub/~test.txt"
sed -i 's,data/hello.txt,data/%7Edir/%test.txt,; s,other file,~test,' "$b/manifest-md5.txt"; tags "$b" md5; suite 0.97 valid bag-with-encoded-names
bag "$b" 0.97 md5; mv "$b/data/hello.txt" "$b/data/\\[a]{b}\$c&'d.txt"; sed -i "s,data/hello.txt,data/\\\\[a]{b}\$c\\&'d.txt," "$b/manifest-md5.txt"; tags "$b" md5; suite 0.97 valid bag-with-escapable-characters
bag "$b" 0.97 md5; sed -i 's,  ,  ./,' "$b/manifest-md5.txt"; tags "$b" md5; suite 0.97 valid bag-with-leading-dot-slash-in-manifest
bag "$b" 0.97 md5; bag "$b.in" 0.97 md5; mv "$b.in" "$b/data/bag"; (cd "$b" && find data -type f | sort | tr '\n' '\0' | xargs -0 md5sum >manifest-md5.txt); sed -i '/Oxum/d' "$b/bag-info.txt"; tags "$b" md5; suite 0.97 valid bag-in-a-bag
bag "$b" 0.97 md5; printf 'http://localhost:8989/data/hello.txt - data/hello.txt\nhttp://localhost:8989/data/sub/other%%20file.txt 6 data/sub/other file.txt\n' >"$b/fetch.txt"; tags "$b" md5; suite 0.97 valid holey-bag
bag "$b" 0.97 md5; printf 'file:///home/somebody/x.png 42000 x.png\n' >"$b/fetch.txt"; tags "$b" md5; suite 0.97 valid local-fetch
for set in ISO-8859-1 UTF-16BE UTF-16; do
	bag "$b" 0.97 md5; mv "$b/data/hello.txt" "$b/data/Grüße.txt"; sed -i 's/hello.txt/Grüße.txt/' "$b/manifest-md5.txt"
	printf 'BagIt-Version: 0.97\nTag-File-Character-Encoding: %s\n' $set >"$b/bagit.txt"
	printf 'http://example.org/x 6 data/Grüße.txt\n' >"$b/fetch.txt"
	printf 'Contact-Name: Grün\n' >"$b/bag-info.txt"
	for f in manifest-md5 fetch bag-info; do iconv -f UTF-8 -t $set "$b/$f.txt" >"$T/c" && cp "$T/c" "$b/$f.txt"; done
	tags "$b" md5; iconv -f UTF-8 -t $set "$b/tagmanifest-md5.txt" >"$T/c" && cp "$T/c" "$b/tagmanifest-md5.txt"
	suite 0.97 valid $set-encoded-tag-files
done

# --- 0.97, warnings -------------------------------------------------------------
bag "$b" 0.97 md5; cp "$b/data/hello.txt" "$b/data/HELLO.txt"; again data/HELLO.txt; sed -i s/12.2/18.3/ "$b/bag-info.txt"; tags "$b" md5; suite 0.97 warning duplicate-file-with-different-case
bag "$b" 0.97 md5; sed -i '1s,  ,  ./,' "$b/manifest-md5.txt"; tags "$b" md5; suite 0.97 warning relative-path
bag "$b" 0.97 md5; again data/hello.txt; tags "$b" md5; suite 0.97 warning same-filename-listed-twice-with-the-same-hash
bag "$b" 0.97 md5; sed -i 's/  / */' "$b/manifest-md5.txt"; tags "$b" md5; suite 0.97 warning made-with-md5sum-tools
C=$(printf 'N\303\272\303\261ez'); D=$(printf 'Nu\314\201n\314\203ez')
bag "$b" 0.97 md5; mv "$b/data/hello.txt" "$b/data/$D"; sed -i "s/hello.txt/$C/" "$b/manifest-md5.txt"; tags "$b" md5; suite 0.97 warning filename-normalization
bag "$b" 0.97 md5; mv "$b/data/hello.txt" "$b/data/$C"; sed -i "s/hello.txt/$C/" "$b/manifest-md5.txt"; again "data/$D"; tags "$b" md5; suite 0.97 warning same-filename-listed-twice-with-different-normalization
bag "$b" 0.97 md5; mv "$b/data/hello.txt" "$b/data/$C"; cp "$b/data/$C" "$b/data/$D"; sed -i "s/hello.txt/$C/" "$b/manifest-md5.txt"; again "data/$D"; sed -i s/12.2/18.3/ "$b/bag-info.txt"; tags "$b" md5; suite 0.97 warning the-same-as-two-files
for f in .DS_Store Thumbs.db desktop.ini; do
	bag "$b" 0.97 md5; mv "$b/data/hello.txt" "$b/data/$f"; sed -i "s/hello.txt/$f/" "$b/manifest-md5.txt"; tags "$b" md5; suite 0.97 warning special-system-files-$f
done
for f in con.txt COM1 'a?b' 'end.'; do
	bag "$b" 0.97 md5; mv "$b/data/hello.txt" "$b/data/$f"; sed -i "s/hello.txt/$f/" "$b/manifest-md5.txt"; tags "$b" md5; suite 0.97 warning "windows-has-no-$f"
done

# --- 0.97, invalid --------------------------------------------------------------
bag "$b" 0.97 md5; printf 'BagIt-Version: 0.97\n' >"$b/bagit.txt"; tags "$b" md5; suite 0.97 invalid baginfo-missing-encoding
bag "$b" 0.97 md5; printf '\357\273\277BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n' >"$b/bagit.txt"; tags "$b" md5; suite 0.97 invalid bom-in-bagit.txt
bag "$b" 0.97 md5; echo x >>"$b/data/hello.txt"; suite 0.97 invalid corrupt-data-file
bag "$b" 0.97 md5; echo 'A: b' >>"$b/bag-info.txt"; suite 0.97 invalid corrupt-tag-file
bag "$b" 0.97 md5; echo x >"$b/data/bar"; suite 0.97 invalid extra-file-in-bag
bag "$b" 0.97 md5; printf 'BagIt-Version: .97\nTag-File-Character-Encoding: UTF-8\n' >"$b/bagit.txt"; tags "$b" md5; suite 0.97 invalid invalid-version-number
bag "$b" 0.97 md5; rm "$b/bag-info.txt"; suite 0.97 invalid missing-baginfo
bag "$b" 0.97 md5; rm "$b/bagit.txt"; suite 0.97 invalid missing-bagit.txt
bag "$b" 0.97 md5; printf 'BagIt-Version : 0.97\nTag-File-Character-Encoding : UTF-8\n' >"$b/bagit.txt"; tags "$b" md5; suite 0.97 invalid bagit-with-invalid-whitespace
bag "$b" 0.97 md5; again data/hello.txt 00000000; tags "$b" md5; suite 0.97 invalid same-filename-listed-twice-with-different-hashes
outside() { # NAME PATH
	bag "$b" 0.97 md5; p=$2; printf '%s  %s\n' "$(sum md5 "$b/data/hello.txt")" "$p" >>"$b/manifest-md5.txt"; tags "$b" md5; suite 0.97 linux-only "$1"
	bag "$b" 0.97 md5; printf 'http://example.org/x 5 %s\n' "$p" >"$b/fetch.txt"; tags "$b" md5; suite 0.97 linux-only "$1-for-fetch"
}
echo x >"$T/foo"
outside out-of-scope-file-paths-using-dot-notation ../../../README.md
outside out-of-scope-file-paths-using-absolute-path "$T/foo"
outside out-of-scope-file-paths-using-shortcut '~/foo'
outside out-of-scope-file-paths-using-shortcut-username '~root/foo'
outside windows-absolute-path 'C:\Windows\System32\setx.exe'
outside windows-unc '\\?\UNC\server\Windows\System32\setx.exe'
bag "$b" 0.97 md5; printf '%s  %s\n' "$(sum md5 "$b/data/hello.txt")" '%HomeDrive%\Windows\setx.exe' >>"$b/manifest-md5.txt"; tags "$b" md5; suite 0.97 linux-only windows-shortcut

# --- 1.0 --------------------------------------------------------------------------
bag "$b" 1.0 sha512; suite 1.0 valid basicBag
bag "$b" 1.0 sha512 sha256; echo x >"$b/data/missingFromManifest.txt"; (cd "$b" && sha256sum data/missingFromManifest.txt >>manifest-sha256.txt); sed -i /Oxum/d "$b/bag-info.txt"; tags "$b" sha512; suite 1.0 invalid missing-from-manifest
bag "$b" 1.0 sha512 sha256; printf 'BagIt-Version : 1.0\nTag-File-Character-Encoding : UTF-8\n' >"$b/bagit.txt"; tags "$b" sha512; suite 1.0 invalid bagit-with-invalid-whitespace
bag "$b" 1.0 sha512; sed -n '1s/^......../00000000/p' "$b/manifest-sha512.txt" >>"$b/manifest-sha512.txt"; tags "$b" sha512; suite 1.0 invalid same-filename-listed-twice-with-different-hashes
bag "$b" 1.0 sha512; sed -n 1p "$b/manifest-sha512.txt" >>"$b/manifest-sha512.txt"; tags "$b" sha512; suite 1.0 invalid same-filename-listed-twice-with-the-same-hash
done_testing
