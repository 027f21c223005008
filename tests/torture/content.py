"""content.py - what a database holds, to compare it with what it held."""
import hashlib, os, sqlite3, tempfile

# who knows when, and what follows from that
VOLATILE = {("journal", "at"), ("journal", "prev"), ("journal", "hash")}


def scratch(name):
    """a directory; in memory where that is, for a disk is waited for"""
    here = os.environ.get("TMPDIR")
    if not here and os.access("/dev/shm", os.W_OK):
        here = "/dev/shm"
    return tempfile.mkdtemp(prefix="muster-%s-" % name, dir=here)


def content(db):
    if not os.path.exists(db) or os.path.getsize(db) == 0:
        return "nothing"
    c = sqlite3.connect(db)
    c.text_factory = bytes
    h = hashlib.sha256()
    try:
        if c.execute("PRAGMA integrity_check").fetchall() != [(b"ok",)]:
            return "damaged"
        if c.execute("PRAGMA foreign_key_check").fetchall():
            return "damaged"
        for (t,) in c.execute("SELECT name FROM sqlite_master WHERE "
                              "type = 'table' ORDER BY 1").fetchall():
            t = t.decode()
            cols = [r[1].decode() for r in
                    c.execute("PRAGMA table_info(%s)" % t)]
            cols = ['"%s"' % k for k in cols if (t, k) not in VOLATILE]
            h.update(repr((t, c.execute("SELECT %s FROM %s ORDER BY 1" % (
                ",".join(cols), t)).fetchall())).encode())
    except sqlite3.Error as e:
        return "damaged: %s" % e
    finally:
        c.close()
    return h.hexdigest()
