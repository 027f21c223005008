"""conform_texts.py - what no text may do to an output.

No control character, nothing that turns the direction of text, and no
character that XML forbids, in any output; JSON without a key twice; pages
whose only elements are the ones that stylesheets write, without handlers and
without addresses that run.
"""
import collections
import glob
import html.parser
import json
import os
import re

BAD = re.compile("[\0-\b\v\f\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069"
                 "\ufffe\uffff]")
# JSON Lines hold what the database holds, escaped.
ESCAPED = re.compile("[\0-\b\v\f\x0e-\x1f]")
HARMLESS = re.compile(r"(https?://|#|[A-Za-z0-9.][A-Za-z0-9./-]*(#|$))")


def once(pairs):
    keys = [k for k, _ in pairs]
    twice = [k for k, n in collections.Counter(keys).items() if n > 1]
    if twice:
        raise ValueError("key twice: %r" % twice)
    return dict(pairs)


class Page(html.parser.HTMLParser):
    """Counts elements, and collects what should not be there."""

    def __init__(self):
        super().__init__()
        self.tags = collections.Counter()
        self.bad = []

    def handle_starttag(self, tag, attrs):
        self.tags[tag] += 1
        for name, value in attrs:
            if name.startswith("on"):
                self.bad.append("%s %s" % (tag, name))
            if name in ("href", "src", "action", "srcdoc") and \
                    not HARMLESS.match(value or ""):
                self.bad.append("%s %s=%.60r" % (tag, name, value))

    def handle_pi(self, data):
        self.bad.append("<?%.40s" % data)

    def handle_comment(self, data):
        self.bad.append("<!--%.40s" % data)


def page(c, path, text):
    p = Page()
    p.feed(text)
    p.close()
    c.true("%s: addresses and handlers" % path, not p.bad, "; ".join(p.bad))
    c.true("%s: elements that run or load" % path,
           p.tags["script"] <= 1 and not any(p.tags[t] for t in (
               "img", "iframe", "object", "embed", "base", "form", "audio",
               "video", "svg:script")), repr(p.tags))


def check(c, out, hostile):
    words = 0
    for path in sorted(glob.glob(os.path.join(out, "**"), recursive=True)):
        if os.path.isdir(path) or os.path.splitext(path)[1] not in (
                ".html", ".xml", ".ckl", ".cklb", ".json", ".sarif", ".csv",
                ".jsonl"):
            continue
        with open(path, encoding="utf-8", newline="") as f:
            text = f.read()     # strict: not UTF-8 is an exception
        raw = path.endswith(".jsonl")
        found = (ESCAPED if raw else BAD).search(text)
        c.true("characters of %s" % path, found is None, found and
               "%r at %d" % (found.group(), found.start()))
        words += "alert(1)" in text or "/etc/passwd" in text
        if path.endswith(".html"):
            page(c, path, text)
        elif path.endswith((".json", ".cklb", ".sarif")):
            try:
                json.loads(text, object_pairs_hook=once)
                c.passed += 1
            except ValueError as e:
                c.true(path, False, str(e))
    if hostile:
        c.true("the hostile words are in the outputs", words > 50, words)
