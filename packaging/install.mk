# What leaves the source tree: install, uninstall, dist, deb, completions, the C library.
#
#   make install [PREFIX=/usr/local] [LIBDIR=...] [DESTDIR=...]     and uninstall with the same words
#   make dist           build/dist/soakproof-VERSION.tar.gz: what git has, the same bytes wherever it is made
#   make deb            build/deb/*.deb with dpkg-buildpackage, and lintian's opinion
LIBDIR ?= $(PREFIX)/lib
SHARE  := $(DESTDIR)$(PREFIX)/share

# One object that shows the names of soakproof.h and no other, so that nothing of ours meets a name of the program it is linked into.
$B/libsoakproof.a: $(LIB) $B/lib/api/soakproof.o
	@$(CC) -r -nostdlib -o $B/soakproof.o $B/lib/api/soakproof.o $(LIB)
	@objcopy --wildcard --keep-global-symbol='soakproof_*' $B/soakproof.o
	@rm -f $@ && $(AR) rcsD $@ $B/soakproof.o
$B/soakproof.pc: packaging/soakproof.pc.in Makefile
	@mkdir -p $(@D)
	@sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@LIBDIR@|$(LIBDIR)|' -e 's|@VERSION@|$(VERSION)|' $< >$@
# From the tables of options in tools/, which --help prints.
$B/completions: $(TOOLS) packaging/completions
	@rm -rf $@ && sh packaging/completions $B/bin $@

install: all $B/libsoakproof.a $B/completions
	@rm -f $B/soakproof.pc
	@$(MAKE) --no-print-directory $B/soakproof.pc
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/include $(DESTDIR)$(LIBDIR)/pkgconfig $(SHARE)/man/man1 $(SHARE)/soakproof \
	    $(SHARE)/doc/soakproof $(SHARE)/bash-completion/completions $(SHARE)/zsh/vendor-completions $(SHARE)/fish/vendor_completions.d
	install -m 755 $(TOOLS) $(DESTDIR)$(PREFIX)/bin
	$(if $(EXT),install -d $(DESTDIR)$(LIBDIR)/soakproof && install -m 755 $(EXT) $(DESTDIR)$(LIBDIR)/soakproof)
	install -m 644 $B/libsoakproof.a $(DESTDIR)$(LIBDIR)
	install -m 644 $B/soakproof.pc $(DESTDIR)$(LIBDIR)/pkgconfig
	install -m 644 lib/api/soakproof.h $(DESTDIR)$(PREFIX)/include
	install -m 644 docs/man/*.1 $(SHARE)/man/man1
	cp -R templates/. $(SHARE)/soakproof/
	cp -R docs/. $(SHARE)/doc/soakproof/
	rm -rf $(SHARE)/doc/soakproof/man
	install -m 644 README.md LICENSE CHANGELOG.md $(SHARE)/doc/soakproof
	cp -R examples $(SHARE)/doc/soakproof/
	cp -P $B/completions/bash/* $(SHARE)/bash-completion/completions
	cp $B/completions/zsh/* $(SHARE)/zsh/vendor-completions
	cp $B/completions/fish/* $(SHARE)/fish/vendor_completions.d

# Only what install put there: templates of the user's own in share/soakproof stay, and so does that folder then.
uninstall:
	rm -f $(patsubst $B/%,$(DESTDIR)$(PREFIX)/%,$(TOOLS)) $(DESTDIR)$(PREFIX)/include/soakproof.h
	rm -f $(DESTDIR)$(LIBDIR)/libsoakproof.a $(DESTDIR)$(LIBDIR)/pkgconfig/soakproof.pc $(DESTDIR)$(LIBDIR)/soakproof/soak.so
	rm -f $(patsubst docs/man/%,$(SHARE)/man/man1/%,$(wildcard docs/man/*.1))
	rm -f $(addprefix $(SHARE)/bash-completion/completions/,$(notdir $(TOOLS))) $(SHARE)/zsh/vendor-completions/_soak \
	    $(addprefix $(SHARE)/fish/vendor_completions.d/,$(notdir $(TOOLS:=.fish)))
	cd templates && find . -type f -exec rm -f $(abspath $(SHARE))/soakproof/{} \;
	rm -rf $(SHARE)/doc/soakproof
	test ! -d $(SHARE)/soakproof || find $(SHARE)/soakproof -depth -type d -empty -delete
	test ! -d $(DESTDIR)$(LIBDIR)/soakproof || rmdir --ignore-fail-on-non-empty $(DESTDIR)$(LIBDIR)/soakproof

DIST := soakproof-$(VERSION)
dist:
	@mkdir -p build/dist
	@git archive --format=tar --prefix=$(DIST)/ --mtime="$$(git log -1 --format=%cI)" HEAD 2>/dev/null >build/dist/$(DIST).tar || \
	    git archive --format=tar --prefix=$(DIST)/ HEAD >build/dist/$(DIST).tar
	@gzip -n -9 -f build/dist/$(DIST).tar
	@echo "build/dist/$(DIST).tar.gz"

deb: dist
	@sh packaging/deb $(VERSION) build/dist/$(DIST).tar.gz build/deb
.PHONY: install uninstall dist deb
