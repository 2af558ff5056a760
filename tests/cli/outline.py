#!/usr/bin/python3
"""outline.py FILE - the structure of a report's HTML, a line each: headings, tables with their columns and rows, lists, charts, what is folded.

Texts of cells are left out, so that a golden outline changes when the page does and not with each sentence.
"""
import sys
from html.parser import HTMLParser

HEAD = {"h1", "h2", "h3", "h4", "summary"}


class Outline(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.out, self.open, self.text, self.tables, self.svg, self.counts = [], [], None, [], 0, {}

    def count(self, what):
        self.counts[what] = self.counts.get(what, 0) + 1

    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        if tag in ("meta", "img", "br", "hr", "link"):
            return
        self.open.append(tag)
        if tag == "svg":
            self.svg += 1
            self.out.append("chart")
        if self.svg:
            return
        if tag in HEAD:
            self.text = ""
        if tag == "table":
            self.tables.append([[], 0])
        if tag == "th" and "thead" in self.open and self.tables:
            self.tables[-1][0].append("")
        if tag == "tr" and "tbody" in self.open and self.tables:
            self.tables[-1][1] += 1
        if tag in ("ul", "ol", "dl", "nav", "main", "header", "footer", "section"):
            name = a.get("aria-labelledby", a.get("class", ""))
            self.out.append("%s %s" % (tag, name) if name else tag)
        if tag == "details":
            self.count("details")
        for word in (a.get("class") or "").split():
            if word in ("figure", "badge"):
                self.count(word)

    def handle_endtag(self, tag):
        if self.open:
            self.open.pop()
        if tag == "svg":
            self.svg -= 1
        if self.svg:
            return
        if tag in HEAD and self.text is not None:
            if tag != "summary":
                self.out.append("%s %s" % (tag, " ".join(self.text.split())))
            self.text = None
        if tag == "table":
            columns, rows = self.tables.pop()
            if "details" not in self.open:
                self.out.append("table %d: %s" % (rows, " | ".join(" ".join(c.split()) for c in columns)))

    def handle_data(self, data):
        if self.svg or (self.open and self.open[-1] == "style"):
            return
        if self.text is not None:
            self.text += data
        if self.tables and "thead" in self.open and self.tables[-1][0]:
            self.tables[-1][0][-1] += data


o = Outline()
o.feed(open(sys.argv[1], encoding="utf-8").read())
print("\n".join(o.out + ["%d %s" % (n, what) for what, n in sorted(o.counts.items())]))
