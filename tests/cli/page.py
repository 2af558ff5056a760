#!/usr/bin/python3
"""page.py FILE [TEXT ...] - what is wrong with a report's HTML, a line each; nothing when all is well.

Each TEXT must stand on the page as text, whole. Checked: elements are closed in order, nothing runs or is loaded, links stay inside and
have targets, ids are unique, headings leave no level out, headers of tables have a scope, pictures an alternative, there is one main.
With $markdown set headings may leave levels out: they are the template author's.
"""
import os
import sys
from html.parser import HTMLParser

VOID = {"meta", "img", "br", "hr", "link", "input", "base"}
RUNS = {"script", "iframe", "object", "embed", "link", "base", "form", "input", "button", "audio", "video", "foreignobject", "animate", "set", "use", "image"}


class Page(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.bad, self.open, self.ids, self.links, self.text, self.level, self.mains, self.h1 = [], [], [], [], [], 0, 0, 0

    def wrong(self, what):
        self.bad.append("%d: %s" % (self.getpos()[0], what))

    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        self.text.append(" ")
        if tag in RUNS:
            self.wrong("<%s>" % tag)
        for name, value in attrs:
            if name.startswith("on"):
                self.wrong("attribute " + name)
            if name in ("href", "src", "srcset", "xlink:href", "action", "data", "background", "poster") and value is not None:
                if name == "href" and value.startswith("#"):
                    self.links.append(value[1:])
                elif not (name == "src" and value.startswith("data:image/png;base64,")):
                    self.wrong("%s=%s" % (name, value[:60]))
            if name == "style" and "svg" not in self.open and tag != "svg":
                self.wrong("style=" + str(value)[:60])
        if "id" in a:
            self.ids.append(a["id"])
        if tag == "meta" and (a.get("http-equiv") or "").lower() == "refresh":
            self.wrong("refresh")
        if tag == "img" and "alt" not in a:
            self.wrong("a picture without an alternative")
        if tag == "th" and a.get("scope") not in ("col", "row"):
            self.wrong("a header without a scope")
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            if int(tag[1]) > self.level + 1 and "markdown" not in os.environ:
                self.wrong("h%s follows h%d" % (tag[1], self.level))
            self.level = int(tag[1])
            self.h1 += tag == "h1"
        self.mains += tag == "main"
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        self.text.append(" ")
        if tag in VOID or not self.open or self.open.pop() != tag:
            self.wrong("</%s> closes nothing" % tag)

    def handle_data(self, data):
        if self.open and self.open[-1] == "style":
            for word in ("url(", "@import", "expression", "</"):
                if word in data:
                    self.wrong("a style with " + word)
        else:
            self.text.append(data)

    def handle_comment(self, data):
        self.wrong("a comment: " + data[:60])


def main():
    raw = open(sys.argv[1], encoding="utf-8", newline="").read()
    p = Page()
    p.feed(raw)
    p.close()
    bad = p.bad + ["never closed: " + t for t in p.open]
    bad += ["id twice: " + i for i in sorted({i for i in p.ids if p.ids.count(i) > 1})] if len(p.ids) != len(set(p.ids)) else []
    bad += ["no target: #" + i for i in sorted(set(p.links) - set(p.ids))]
    if p.mains != 1:
        bad.append("%d <main>" % p.mains)
    if p.h1 != 1:
        bad.append("%d <h1>" % p.h1)
    shown = "".join(p.text)
    flat = " ".join(shown.split())
    bad += ["not on the page: " + t for t in sys.argv[2:] if " ".join(t.split()) not in flat]
    for c in shown:
        o = ord(c)
        if (o < 32 and c not in "\n\t") or 0x7f <= o < 0xa0 or 0x200e <= o <= 0x200f or 0x202a <= o <= 0x202e or 0x2066 <= o <= 0x2069:
            bad.append("a control character is shown: U+%04X" % o)
            break
    print("\n".join(bad[:20]), end="\n" if bad else "")


main()
