#!/usr/bin/perl
# make-secrets.pl FOLDER - a corpus with planted secrets: FOLDER/planted/KIND.CONTEXT and FOLDER/innocent/KIND.CONTEXT.
#
# Everything is made here from the providers' documented forms, from a fixed seed: no file of ours holds a key.
use strict;
use warnings;
use Compress::Zlib;
use MIME::Base64;

my ($dir) = @ARGV or die "usage: make-secrets.pl FOLDER\n";
mkdir $dir; mkdir "$dir/planted"; mkdir "$dir/innocent";
srand 20261121;
sub pick { my ($n, $set) = @_; join '', map { substr $set, int(rand length $set), 1 } 1 .. $n }
my $AN = join '', 'A' .. 'Z', 'a' .. 'z', 0 .. 9;
my $HEX = '0123456789abcdef';
my $U32 = join '', 'A' .. 'Z', 2 .. 7;
my $UP = join '', 'A' .. 'Z', 0 .. 9;
my $D = '0123456789';
my $B64 = "$AN+/";
my $URL = "$AN-_";
sub b64url { my $t = encode_base64($_[0], ''); $t =~ tr#+/#-_#; $t =~ s/=//g; $t }
sub pem { my ($kind, $lines) = @_; "-----BEGIN $kind-----\n" . join('', map { pick(64, $B64) . "\n" } 1 .. $lines) . "-----END $kind-----\n" }

my %planted = (
	'pem-rsa' => sub { pem('RSA PRIVATE KEY', 8) },
	'pem-pkcs8' => sub { pem('PRIVATE KEY', 4) },
	'pem-openssh' => sub { pem('OPENSSH PRIVATE KEY', 5) },
	'pem-encrypted' => sub { pem('ENCRYPTED PRIVATE KEY', 5) },
	'pem-truncated' => sub { substr pem('EC PRIVATE KEY', 6), 0, 150 },
	'age' => sub { 'AGE-SECRET-KEY-1' . pick(58, $UP) },
	'jwt' => sub { b64url('{"alg":"RS256","typ":"JWT","kid":"' . pick(8, $AN) . '"}') . '.' . b64url('{"sub":"' . pick(12, $AN) . '","exp":1795191178}') . '.' . pick(86, $URL) },
	'aws-id' => sub { 'AKIA' . pick(16, $U32) },
	'aws-secret' => sub { 'aws_secret_access_key=' . pick(40, $B64) },
	'github' => sub { 'ghp_' . pick(36, $AN) },
	'github-app' => sub { 'ghs_' . pick(36, $AN) },
	'github-fine' => sub { 'github_pat_' . pick(22, $AN) . '_' . pick(59, $AN) },
	'gitlab' => sub { 'glpat-' . pick(20, $URL) },
	'slack-bot' => sub { 'xoxb-' . pick(12, $D) . '-' . pick(13, $D) . '-' . pick(24, $AN) },
	'slack-hook' => sub { 'https://hooks.slack.com/services/T' . pick(9, $UP) . '/B' . pick(10, $UP) . '/' . pick(24, $AN) },
	'discord-hook' => sub { 'https://discord.com/api/webhooks/' . pick(19, $D) . '/' . pick(68, $URL) },
	'telegram' => sub { pick(10, $D) . ':AA' . pick(33, $URL) },
	'google-api' => sub { 'AIza' . pick(35, $URL) },
	'google-oauth' => sub { 'GOCSPX-' . pick(28, $URL) },
	'stripe' => sub { 'sk_live_' . pick(24, $AN) },
	'stripe-restricted' => sub { 'rk_live_' . pick(30, $AN) },
	'shopify' => sub { 'shpat_' . pick(32, $HEX) },
	'square' => sub { 'sq0csp-' . pick(43, $URL) },
	'npm' => sub { 'npm_' . pick(36, $AN) },
	'pypi' => sub { 'pypi-AgEIcHlwaS5vcmcC' . pick(80, $URL) },
	'docker' => sub { 'dckr_pat_' . pick(27, $URL) },
	'openai' => sub { 'sk-' . pick(20, $AN) . 'T3BlbkFJ' . pick(20, $AN) },
	'openai-project' => sub { 'sk-proj-' . pick(74, $URL) . 'T3BlbkFJ' . pick(74, $URL) },
	'anthropic' => sub { 'sk-ant-api03-' . pick(93, $URL) . 'AA' },
	'huggingface' => sub { 'hf_' . pick(34, join '', 'A' .. 'Z', 'a' .. 'z') },
	'groq' => sub { 'gsk_' . pick(52, $AN) },
	'sendgrid' => sub { 'SG.' . pick(22, $URL) . '.' . pick(43, $URL) },
	'azure-ad' => sub { pick(3, $AN) . '8Q~' . pick(34, "$URL.") },
	'azure-storage' => sub { 'AccountKey=' . pick(86, $B64) . '==' },
	'vault' => sub { 'hvs.' . pick(95, $URL) },
	'terraform' => sub { pick(14, $AN) . '.atlasv1.' . pick(67, $AN) },
	'grafana' => sub { 'glsa_' . pick(32, $AN) . '_' . pick(8, $HEX) },
	'digitalocean' => sub { 'dop_v1_' . pick(64, $HEX) },
	'databricks' => sub { 'dapi' . pick(32, $HEX) },
	'newrelic' => sub { 'NRAK-' . pick(27, $UP) },
	'url-userinfo' => sub { 'postgres://soak:' . pick(14, $AN) . '@db.internal:5432/soak' },
	'bearer-header' => sub { 'Authorization: Bearer ' . pick(40, $AN) },
	'basic-header' => sub { 'Authorization: Basic ' . encode_base64('soak:' . pick(12, $AN), '') },
);
sub uuid { join '-', map { pick($_, $HEX) } 8, 4, 4, 4, 12 }
my %innocent = (
	(map { my $n = $_; ("sha256-$n" => sub { pick(64, $HEX) }) } 1 .. 4), (map { my $n = $_; ("md5-$n" => sub { pick(32, $HEX) }) } 1 .. 4),
	(map { my $n = $_; ("uuid-$n" => sub { uuid() }) } 1 .. 4),
	(map { my $n = $_; ("image-$n" => sub { 'data:image/png;base64,iVBORw0KGgo' . pick(4000, $B64) }) } 1 .. 6),
	'sha1' => sub { pick(40, $HEX) }, 'git' => sub { 'commit ' . pick(40, $HEX) },
	'aws-example' => sub { 'AKIAIOSFODNN7' . 'EXAMPLE' }, 'aws-secret-example' => sub { 'aws_secret_access_key=wJalrXUtnFEMI/K7MDENG/' . 'bPxRfiCYEXAMPLEKEY' },
	'placeholder-github' => sub { 'ghp_' . 'x' x 36 }, 'placeholder-gitlab' => sub { 'glpat-' . 'x' x 20 }, 'placeholder-url' => sub { 'postgres://user:password@localhost/db' },
	'placeholder-url2' => sub { 'https://user:${TOKEN}@host/' }, 'masked-url' => sub { 'https://user:*****@host/x' }, 'port-url' => sub { 'http://127.0.0.1:8080/a?b=c@d' },
	'header-none' => sub { 'Authorization: Bearer <token>' }, 'header-env' => sub { 'Authorization: Bearer $TOKEN' }, 'basic-none' => sub { 'Authorization: Basic credentials' },
	'public-key' => sub { pem('PUBLIC KEY', 4) }, 'certificate' => sub { pem('CERTIFICATE', 10) }, 'pem-words' => sub { 'a file that begins with -----BEGIN PRIVATE KEY----- is a key' },
	'ssh-public' => sub { 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI' . pick(43, $B64) . ' me@example.org' },
	'trace' => sub { 'traceparent: 00-' . pick(32, $HEX) . '-' . pick(16, $HEX) . '-01' }, 'etag' => sub { 'ETag: "' . pick(32, $HEX) . '"' },
	'semver' => sub { 'v1.2.3-rc.1+build.' . pick(7, $HEX) }, 'integrity' => sub { 'sha512-' . pick(86, $B64) . '==' }, 'ulid' => sub { '01' . pick(24, 'ABCDEFGHJKMNPQRSTVWXYZ0123456789') },
	'fingerprint' => sub { 'SHA256:' . pick(43, $B64) }, 'metric' => sub { 'gateway_requests_total{code="200",route="/v1"} ' . pick(9, $D) },
	'jwt-shape' => sub { 'eyJ' . pick(30, $AN) . '.' . pick(40, $AN) . '.' . pick(43, $AN) }, 'docker-digest' => sub { 'image@sha256:' . pick(64, $HEX) },
	'phone' => sub { '+27 ' . pick(9, $D) }, 'words' => sub { 'the token and the secret of the password are not here' }, 'hexdump' => sub { join ' ', map { pick(2, $HEX) } 1 .. 64 },
);
sub url { my $t = $_[0]; $t =~ s/([^A-Za-z0-9_.~-])/sprintf '%%%02X', ord $1/ge; $t }
sub json { my $t = $_[0]; $t =~ s/(["\\])/\\$1/g; $t =~ s/\n/\\n/g; $t =~ s#/#\\/#g if $_[1]; $t }
sub html { my $t = $_[0]; $t =~ s/&/&amp;/g; $t =~ s/</&lt;/g; $t =~ s/"/&quot;/g; $t =~ s#/#&\#x2F;#g if $_[1]; $t }
sub wrap { my ($t, $n) = @_; $t = encode_base64($t, ''); $t =~ s/(.{$n})/$1\n/g; $t }
# Every other byte, or three of four, a zero: LE behind each character, BE before it.
sub wide { my ($t, $unit, $big) = @_; my $z = "\0" x ($unit - 1); join '', map { $big ? $z . $_ : $_ . $z } split //, $t }
my $text = sub { "2026-01-12 06:00:00 INFO value $_[0]\nnext line\n" };
my %context = (
	raw => sub { "2026-01-12 06:00:00 INFO value $_[0]\nnext line\n" },
	json => sub { '{"level":"info","value":"' . json($_[0]) . '","n":1}' . "\n" },
	jsonslash => sub { '{"value":"' . json($_[0], 1) . '"}' . "\n" },
	html => sub { '<table><tr><td>' . html($_[0]) . "</td><td>x</td></tr></table>\n" },
	htmlslash => sub { '<a title="' . html($_[0], 1) . "\">x</a>\n" },
	url => sub { 'GET /callback?state=1&value=' . url($_[0]) . "&x=2 HTTP/1.1\n" },
	csv => sub { my $t = $_[0]; $t =~ s/"/""/g; "1,2,\"$t\",3\n" },
	base64 => sub { 'payload: ' . encode_base64("some=thing\n$_[0]\nmore=$_[0]x\n", '') . "\n" },
	base64w64 => sub { "body:\n" . wrap("some text before it, and\n$_[0]\n", 64) . "\n" },
	base64w76 => sub { "body:\r\n    " . join("\r\n    ", split /\n/, wrap("some other text that comes before\n$_[0]\nmore text behind it", 76)) . "\r\n" },
	base64wjson => sub { '{"body":"' . join('\\n', split /\n/, wrap("a few words and $_[0] and more", 64)) . '\\n"}' . "\n" },
	hex => sub { 'dump=' . unpack('H*', "key $_[0]\n") . "\n" },
	hexupper => sub { 'dump 0x' . uc(unpack('H*', $_[0])) . ";\n" },
	hexlines => sub { my $h = unpack 'H*', "first words $_[0]\n"; $h =~ s/(.{60})/$1\n/g; "$h\n" },
	utf16le => sub { wide($text->($_[0]), 2, 0) },
	utf16be => sub { wide($text->($_[0]), 2, 1) },
	utf32le => sub { wide($text->($_[0]), 4, 0) },
	utf32be => sub { wide($text->($_[0]), 4, 1) },
	utf16in => sub { "a log in ASCII, and in the midst of it a message from elsewhere: " . wide("value $_[0] ", 2, 0) . "\nand so on\n" },
	zlib => sub { compress($text->($_[0])) },
	gzip => sub { Compress::Zlib::memGzip($text->($_[0])) },
	gzip2 => sub { Compress::Zlib::memGzip("first member\n") . Compress::Zlib::memGzip($text->($_[0])) },
	gzipcut => sub { substr Compress::Zlib::memGzip($text->($_[0]) . "end of it\n" x 50), 0, -9 },
	base64b => sub { '{"data":"' . encode_base64("{\"key\":\"$_[0]\"}", '') . "\"}\n" },
);
for my $set ([planted => \%planted], [innocent => \%innocent]) {
	my ($name, $kinds) = @$set;
	for my $k (sort keys %$kinds) {
		for my $c (sort keys %context) {
			my $value = $kinds->{$k}->();
			open my $o, '>:raw', "$dir/$name/$k.$c" or die "$dir/$name/$k.$c: $!";
			print $o $context{$c}->($value);
			close $o;
		}
	}
}
printf "%d %d %d\n", scalar keys %planted, scalar keys %innocent, scalar keys %context;
