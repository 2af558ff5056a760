#!/usr/bin/python3
"""figures.py REPORT.html PROVENANCE.json WHY.txt ARTIFACTS - does every number of the report lead to what it was made of?

WHY.txt is what soak-why --all says, with the artifacts. For each number: its link has a row with its id; soak-why knows the id and names the
same files with the same lines; the files are there with those digests; each line named holds a sample of a series that is named.
Prints a line for each that does not, then how many were walked: "walked N figures, N files, N lines".
"""
import hashlib
import json
import os
import re
import sys
from html.parser import HTMLParser


class Report(HTMLParser):
    """The links class=figure, the rows they lead to, and cells of numbers that do not lead anywhere."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.links, self.rows, self.row, self.code, self.link = [], {}, None, False, None
        self.cell, self.bare = None, []

    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        if tag == "a" and a.get("class") == "figure":
            self.link = [a["href"][1:], ""]
            self.links.append(self.link)
        if tag == "tr":
            self.row = a.get("id")
        if tag == "code" and self.row is not None:
            self.rows.setdefault(self.row, "")
            self.code = True
        if tag == "td" and a.get("data-label") in ("Observed", "Required", "Margin", "n", "Coverage", "Recomputed", "Claimed"):
            self.cell = [a["data-label"], "", len(self.links)]

    def handle_endtag(self, tag):
        if tag == "code":
            self.code = False
        if tag == "tr":
            self.row = None
        if tag == "a":
            self.link = None
        if tag == "td" and self.cell is not None:
            if re.search("[0-9]", self.cell[1]) and len(self.links) == self.cell[2]:
                self.bare.append(self.cell[0] + " " + self.cell[1].strip())
            self.cell = None

    def handle_data(self, data):
        if self.code and self.row in self.rows:
            self.rows[self.row] += data
        if self.link is not None:
            self.link[1] += data
        if self.cell is not None:
            self.cell[1] += data


def numbers(lines):
    out = []
    for part in lines.split(", "):
        ends = part.split("-")
        out += range(int(ends[0]), int(ends[-1]) + 1)
    return out


def told(path):
    """soak-why's paragraphs: id -> (first line, its files with lines, whether it names a rule or a place)."""
    out = {}
    for part in open(path, encoding="utf-8").read().split("\n\n"):
        first = part.split("\n")[0]
        files = {m[0]: m[1] for m in re.findall(r"^  (\S.*?)  sha256 [0-9a-f]{64}.*?(?:  lines? ([0-9, -]+))?$", part, re.M)}
        out[first.split("  ")[-1]] = (first, files, re.search("^(rule|lines|artifacts) ", part, re.M) is not None)
    return out


def main():
    report = Report()
    report.feed(open(sys.argv[1], encoding="utf-8").read())
    prov = json.load(open(sys.argv[2], encoding="utf-8"))
    chain = {f["id"]: prov["chains"][f["chain"]] for f in prov["figures"]}
    why, root = told(sys.argv[3]), sys.argv[4]
    bad, seen, n_lines, content = ["a number without a way back: " + b for b in report.bare], set(), 0, {}
    for target, text in report.links:
        name = report.rows.get(target)
        if name is None:
            bad.append("%s %s: no row tells of it" % (target, text))
            continue
        if name not in chain or name not in why:
            bad.append("%s: %s" % (name, "soak-why does not know it" if name in chain else "it has no provenance"))
            continue
        first, files, leads = why[name]
        if not leads:
            bad.append(name + ": soak-why leads nowhere")
        if not name.startswith("claim/") and text not in first:
            bad.append("%s: printed %s, soak-why says %s" % (name, text, first))
        if name in seen:
            continue
        seen.add(name)
        c = chain[name]
        metrics = {re.match("[A-Za-z_:][A-Za-z0-9_:]*|", s["text"]).group(0) or s["text"] for s in c["series"]}
        for a in c["artifacts"]:
            path = os.path.join(root, a["name"])
            if path not in content:
                data = open(path, "rb").read()
                content[path] = (hashlib.sha256(data).hexdigest(), data.decode("utf-8", "replace").split("\n"))
            if content[path][0] != a["sha256"]:
                bad.append("%s: %s has another digest" % (name, a["name"]))
            if a.get("lines", "") != (files.get(a["name"]) or ""):
                bad.append("%s: %s lines %s, soak-why says %s" % (name, a["name"], a.get("lines"), files.get(a["name"])))
            if a["samples"] > 0 and not a.get("lines"):
                bad.append("%s: %s holds samples of it, in lines unknown" % (name, a["name"]))
            for k in numbers(a["lines"]) if a.get("lines") else ():
                n_lines += 1
                if not any(content[path][1][k - 1].startswith(m) for m in metrics):
                    bad.append("%s: %s:%d holds no sample of it" % (name, a["name"], k))
        for p in c["places"]:
            if "line" not in p or not os.path.exists(os.path.join(root, p["source"])):
                continue
            n_lines += 1
            line = open(os.path.join(root, p["source"]), encoding="utf-8", errors="replace").read().split("\n")[p["line"] - 1]
            if p["text"].split(" ")[-1].strip('"') not in line:
                bad.append("%s: %s:%d does not say %s" % (name, p["source"], p["line"], p["text"]))
    print("\n".join(bad[:20] + ["walked %d figures, %d files, %d lines" % (len(seen), len(content), n_lines)]))


main()
