/*
 * test_checks.c - 2.1 to 2.18 decided from evidence of one image, through the
 * real store and assessment.  A row's evidence is a line a record:
 *
 *	fact NAME|KEY|VALUE		of the image ("-" stands for NULL)
 *	file PATH|TYPE|MODE|LINK|CAPS|SIZE
 *	pkg TYPE|NAME|VERSION|SIGNATURE
 *	layer N|WASTED			beside the one that is there
 *	find KIND|ID|TITLE|PACKAGE	of a scanner's report about it
 *	say NAME|KEY|VALUE		what that report quotes of the config
 *	pod NAME|KEY|VALUE		of a workload that runs it
 *	no NAME				leave out what whole() says of it
 *
 * Without "no", the image is one that breaks nothing.
 */
#include <stdlib.h>

#include "test.h"
#include "muster/assess.h"
#include "muster/store.h"

#define IMAGE "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define DIFF "sha256:dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd"
#define HEX40 "0123456789abcdef0123456789abcdef01234567"
#define RUN(n, text) "fact history|" n "|RUN /bin/sh -c " text " # buildkit\n"
#define WHEN(n, t) "fact history.created|" n "|" t "\n"

/* What a harmless image says. */
static const char *const whole[] = {
	"fact config.format|-|docker",
	"fact config.created|-|2025-06-01T00:00:00Z",
	"fact config.user|-|10001",
	"fact config.health|-|[\"CMD\",\"/app/run\",\"--check\"]",
	"fact history|0|COPY rootfs/ / # buildkit",
	"fact history.layer|0|0",
	"fact content.read|-|true",
	"layer 0|0",
	"file /app/run|file|755|-|-|100",
};

struct row {
	const char *says, *requirement, *verdict;
	const char *part;		/* of the reasons */
	const char *evidence;
};

static const struct row rows[] = {
	/* What scanners say of the config and the content. */
	{ "a gate's set-id file where there is no image", "2.3", "fail",
	  "/usr/bin/su", "no \n" "find compliance|t|files/suid_or_guid_set: "
	  "SUID or SGID found set on file /usr/bin/su. Mode: 0o104755|-\n" },
	{ "a gate's set-id file that the image does not have", "2.3", "pass",
	  "none of the", "find compliance|t|files/suid_or_guid_set: "
	  "SUID or SGID found set on file /usr/bin/su. Mode: 0o104755|-\n" },
	{ "a gate's SSH server", "2.1", "fail", "openssh-server",
	  "no \n" "find compliance|t|packages/blacklist: Package is "
	  "blacklisted: openssh-server-8.0p1|-\n" },
	{ "a gate's user", "2.2", "fail", "runs as root",
	  "no \n" "find compliance|t|dockerfile/effective_user: User root "
	  "found as effective user, which is explicitly denied|-\n" },
	{ "a gate's health check", "2.6", "fail", "no health check",
	  "no \n" "find compliance|t|dockerfile/instruction: Dockerfile "
	  "directive 'HEALTHCHECK' not found|-\n" },
	{ "a gate's port", "2.5", "fail", "port 22/tcp",
	  "no \n" "say config.port|22/tcp|-\n" },
	{ "a scanner's word about the environment", "2.9", "fail",
	  "environment", "no \n" "find compliance|s|Sensitive information "
	  "provided in environment variables|-\n" },
	{ "a quoted config where there is no image", "2.2", "pass", "uid 77",
	  "no \n" "say config.arch|-|amd64\n" "say config.user|-|77\n" },
	{ "a quoted config without a user", "2.2", "fail", "a scanner quotes",
	  "no \n" "say config.arch|-|amd64\n" },
	{ "the image's own user beats a quoted one", "2.2", "pass",
	  "the user is \"0\"", "say config.user|-|0\n" },
	{ "the image's own ports beat quoted ones", "2.5", "pass",
	  "the exposed port is \"22/tcp\"", "say config.port|22/tcp|-\n" },
	{ "a quoted health check that the image lacks", "2.6", "fail",
	  "its own stands", "no fact config.health\n"
	  "say config.health|-|[\"CMD\",\"/x\"]\n" },
	/* 2.1 */
	{ "no server is a pass", "2.1", "pass", "no package", "" },
	{ "a server's program", "2.1", "fail", "/opt/x/sshd",
	  "file /opt/x/sshd|file|755|-|-|9\n" },
	{ "a file of the server's name that nobody can run", "2.1", "pass",
	  "SSH", "file /etc/pam.d/sshd|file|644|-|-|9\n" },
	{ "a link to the server", "2.1", "fail", "a link to /usr/lib/x",
	  "file /usr/sbin/sshd|link|777|../lib/x|-|0\n"
	  "file /usr/lib/x|file|755|-|-|9\n" },
	{ "a link through a linked folder", "2.1", "fail", "/usr/bin/x",
	  "file /bin|link|777|usr/bin|-|0\n"
	  "file /sbin/sshd|link|777|/bin/x|-|0\n"
	  "file /usr/bin/x|file|755|-|-|9\n" },
	{ "a link to nowhere", "2.1", "pass", "SSH",
	  "file /usr/sbin/sshd|link|777|/gone|-|0\n" },
	{ "links in a circle", "2.1", "pass", "SSH",
	  "file /usr/sbin/sshd|link|777|/a|-|0\n"
	  "file /a|link|777|/usr/sbin/sshd|-|0\n" },
	{ "a server's package", "2.1", "fail", "openssh-server 1:9",
	  "pkg deb|openssh-server|1:9|-\n" },
	{ "a library of the server's name in a language", "2.1", "pass",
	  "SSH", "pkg npm|dropbear|1|-\n" },
	{ "a scanner's finding in the server", "2.1", "fail", "dropbear",
	  "find vulnerability|CVE-1|-|dropbear\n" },
	{ "what starts a server", "2.1", "fail", "the entry point",
	  "fact start.sshd|config|/x -D\n" },
	{ "port 22 alone is a note", "2.1", "pass", "SSH's",
	  "fact config.port|22/tcp|-\n" },
	{ "an unread package database", "2.1", "error", "was not read",
	  "fact package.unread|/var/lib/rpm/Packages|Berkeley DB\n" },
	{ "silence is not a pass", "2.1", "not_reviewed", "import it",
	  "no fact\nno layer\nno file\nfind vulnerability|CVE-1|-|zlib\n" },
	{ "a scanner alone proves a failure", "2.1", "fail", "dropbear",
	  "no fact\nno layer\nno file\nfind vulnerability|CVE-1|-|dropbear\n" },
	{ "content that was not read is an error", "2.1", "error", "layer 3",
	  "no fact content.read\nfact content.read|-|false\n"
	  "fact content.problem|-|layer 3 is missing\n" },
	{ "unless a failure is proven", "2.1", "fail", "/usr/sbin/sshd",
	  "no fact content.read\nfact content.read|-|false\n"
	  "fact content.problem|-|layer 3 is missing\n"
	  "file /usr/sbin/sshd|file|755|-|-|9\n" },
	/* 2.2 */
	{ "a uid", "2.2", "pass", "uid 10001", "" },
	{ "no user", "2.2", "fail", "no User", "no fact config.user\n" },
	{ "a name in passwd", "2.2", "pass", "uid 7",
	  "no fact config.user\nfact config.user|-|app\nfact passwd|app|7\n" },
	{ "a number that is a name in passwd", "2.2", "fail", "uid 0",
	  "fact passwd|10001|0\n" },
	{ "a name whose uid is no number", "2.2", "fail", "\"x\"",
	  "no fact config.user\nfact config.user|-|app\nfact passwd|app|x\n" },
	{ "a uid beyond what engines take", "2.2", "fail", "no valid uid",
	  "no fact config.user\nfact config.user|-|4294967296\n" },
	{ "a name where passwd was not read", "2.2", "error", "layer 1",
	  "no fact config.user\nfact config.user|-|app\n"
	  "no fact content.read\nfact content.read|-|false\n"
	  "fact content.problem|-|layer 1 is missing\n" },
	{ "a uid needs no content", "2.2", "pass", "10001",
	  "no fact content.read\nfact content.read|-|false\n"
	  "fact content.problem|-|layer 1 is missing\n" },
	{ "a workload that runs it as root", "2.2", "fail", "contradiction",
	  "pod pod.user|-|0\n" },
	{ "a workload with a uid of its own", "2.2", "pass", "as uid 5",
	  "pod pod.user|-|5\n" },
	{ "root stays root for a good workload", "2.2", "fail", "as uid 5",
	  "no fact config.user\npod pod.user|-|5\n" },
	{ "a scanner that saw root", "2.2", "fail", "a scanner reports",
	  "find compliance|41|(CIS) Image should be created with a non-root "
	  "user|-\n" },
	/* 2.3 */
	{ "a setuid file with two names", "2.3", "fail",
	  "setuid (mode 4755), also named /b",
	  "file /a|file|4755|-|-|9\nfile /b|hard|4755|/a|-|9\n" },
	{ "capabilities", "2.3", "fail", "cap_net_raw=ep",
	  "file /a|file|755|-|cap_net_raw=ep|9\n" },
	{ "a setgid folder", "2.3", "pass", "setgid", "file /a|dir|2755|-|-|0\n" },
	{ "setuid that cannot run", "2.3", "pass", "nobody may execute",
	  "file /a|file|4644|-|-|9\n" },
	{ "cleaned by a later layer", "2.3", "pass", "lower layer",
	  "fact setid.cleaned|/a|layer 0, layer 1\n" },
	/* 2.4 */
	{ "no history", "2.4", "not_reviewed", "Dockerfile",
	  "no fact history\n" },
	{ "a history of fewer layers", "2.4", "not_reviewed", "1 of 2",
	  "layer 1|0\n" },
	{ "a download in a pipe to an interpreter", "2.4", "fail", "python3",
	  RUN("1", "curl -s https://e.example/x.py | python3 -") },
	{ "a download that an interpreter only reads", "2.4", "pass", "step",
	  RUN("1", "curl -s https://e.example/x | python3 -m json.tool") },
	{ "a download given to sh -c", "2.4", "fail", "run by sh",
	  RUN("1", "sh -c \"$(curl -fsSL https://e.example/i.sh)\"") },
	{ "a download unpacked from the pipe", "2.4", "fail", "unpacked",
	  RUN("1", "curl -L https://e.example/x.tgz | tar xz -C /opt") },
	{ "the same behind a checksum", "2.4", "pass", "step",
	  RUN("1", "curl -Lo x.tgz https://e.example/x.tgz && echo \"ab  x.tgz"
	  "\" | sha256sum -c && tar xf x.tgz") },
	{ "a download run in a later step", "2.4", "fail", "step 2",
	  RUN("1", "wget https://e.example/setup.sh")
	  RUN("2", "sh setup.sh") },
	{ "a download that is only data", "2.4", "pass", "without a checksum",
	  RUN("1", "curl -o /srv/data.json https://e.example/data.json") },
	{ "a download from the builder itself", "2.4", "fail", "at once",
	  RUN("1", "curl -f http://localhost:8080/ | sh") },
	{ "a clone of a commit", "2.4", "pass", "step",
	  RUN("1", "git clone https://e.example/x && cd x && git checkout "
	  HEX40) },
	{ "a clone of a tag", "2.4", "fail", "git clone",
	  RUN("1", "git clone --branch v1 https://e.example/x") },
	{ "a clone of a build argument's commit", "2.4", "pass", "step",
	  "fact history|1|ARG REV=" HEX40 "\n"
	  RUN("2", "git clone https://e.example/x x && git -C x checkout "
	  "$REV") },
	{ "a remote ADD in the JSON form", "2.4", "fail", "ADD fetches",
	  "fact history|1|ADD [\"https://e.example/x\", \"/x\"]\n" },
	{ "an archive as the first layer", "2.4", "pass", "root file system",
	  "no fact history\nfact history|0|ADD rootfs.tar.xz / # buildkit\n"
	  "fact history.layer|0|0\n" },
	/* 2.5 */
	{ "a low port of a workload", "2.5", "fail", "opens port 80",
	  "pod pod.port|80|TCP\n" },
	{ "a range that begins low", "2.5", "fail", "1000-2000",
	  "fact config.port|1000-2000/tcp|-\n" },
	{ "no port", "2.5", "pass", "no port", "" },
	{ "what is no port", "2.5", "fail", "no valid port",
	  "fact config.port|70000/tcp|-\n" },
	/* 2.6 */
	{ "an OCI config may have dropped it", "2.6", "not_reviewed", "OCI",
	  "no fact config\nfact config.format|-|oci\n" },
	{ "the history says what OCI dropped", "2.6", "pass", "/x",
	  "no fact config\nfact config.format|-|oci\n"
	  "fact history|1|HEALTHCHECK &{[\"CMD\" \"/x\"] \"30s\"}\n" },
	{ "the history switches it off", "2.6", "fail", "switched off",
	  "no fact config\nfact config.format|-|oci\n"
	  "fact history|1|HEALTHCHECK CMD /x\n"
	  "fact history|2|HEALTHCHECK NONE\n" },
	{ "a check that cannot fail", "2.6", "fail", "same result",
	  "no fact config.health\nfact config.health|-|[\"CMD-SHELL\",\"echo "
	  "ok; true\"]\n" },
	{ "a scanner against the config", "2.6", "fail", "disagree",
	  "find compliance|46|Add HEALTHCHECK instruction to the image|-\n" },
	/* ... and what stands in files about the build */
	{ "an instruction of the Dockerfile", "2.4", "fail",
	  "Dockerfile line 7: ADD fetches", "fact dockerfile.instruction|7|"
	  "ADD https://x/y /y\nfact dockerfile.used|7|true\n" },
	{ "an instruction of a stage that nobody uses", "2.4", "pass", "step",
	  "fact dockerfile.instruction|7|ADD https://x/y /y\n"
	  "fact dockerfile.used|7|false\n" },
	{ "the proxy saw plain HTTP", "2.4", "fail", "http://x/y",
	  "fact proxy.url|1|TCP_MISS/200 GET http://x/y\n" },
	{ "what the proxy denied was not fetched", "2.4", "pass", "step",
	  "fact proxy.url|1|TCP_DENIED/403 GET http://x/y\n" },
	{ "a Dockerfile's health check for an OCI config", "2.6", "pass",
	  "/x", "no fact config.format\nfact config.format|-|oci\n"
	  "no fact config.health\nfact dockerfile.health|-|[\"CMD\",\"/x\"]"
	  "\n" },
	{ "a Dockerfile without one, from nothing", "2.6", "fail",
	  "from nothing", "no fact config.format\nfact config.format|-|oci\n"
	  "no fact config.health\nfact dockerfile.scratch|final|true\n" },
	{ "a Dockerfile without one, from a base", "2.6", "not_reviewed",
	  "Dockerfile", "no fact config.format\nfact config.format|-|oci\n"
	  "no fact config.health\nfact dockerfile.scratch|final|false\n" },
	{ "a secret in a Dockerfile", "2.9", "fail", "holds a secret",
	  "fact secret|x|name ****\n" },
	{ "a resource without a checksum", "2.11", "fail", "no checksum: u",
	  "fact hardening.resource|u|none\n" },
	{ "a resource with a weak one", "2.11", "fail", "SHA-2",
	  "fact hardening.resource|u|sha1:00\n" },
	{ "a resource with a checksum", "2.11", "pass", "neither",
	  "fact hardening.resource|u|sha256:00\n" },
	{ "a Dockerfile that switches verification off", "2.11", "fail",
	  "Dockerfile line 3", "fact dockerfile.instruction|3|RUN dnf install "
	  "--nogpgcheck x\nfact dockerfile.used|3|true\n" },
	/* 2.7 */
	{ "a resource fetched without TLS", "2.7", "fail", "without TLS",
	  "fact hardening.resource|http://x/y|sha256:00\n" },
	{ "a step of the proxy without TLS", "2.7", "fail", "without TLS",
	  "fact proxy.url|1|TCP_MISS/200 GET http://x/y\n" },
	{ "a Dockerfile that switches TLS off", "2.7", "fail",
	  "switches TLS", "fact dockerfile.instruction|3|RUN skopeo copy "
	  "--src-tls-verify=false a b\n" },
	{ "a registry without TLS", "2.7", "fail", "insecure = true",
	  "fact tls.off|/etc/containers/registries.conf|insecure = true\n" },
	{ "nothing about the builder", "2.7", "not_reviewed", "daemon.json",
	  "" },
	/* 2.8 */
	{ "refresh and install in one step", "2.8", "pass", "fresh",
	  RUN("1", "apt-get update && apt-get -y install x")
	  WHEN("1", "2025-05-31T00:00:00Z") },
	{ "refresh and install apart", "2.8", "fail", "step 1 refreshes",
	  RUN("1", "apt-get update") RUN("2", "apt-get -y install x") },
	{ "a refresh of another manager", "2.8", "pass", "fresh",
	  RUN("1", "apk update") RUN("2", "apt-get update && apt-get install x")
	  WHEN("2", "2025-06-01T00:00:00Z") },
	{ "an old install step", "2.8", "fail", "151 days",
	  RUN("1", "dnf install -y x") WHEN("1", "2025-01-01T00:00:00Z") },
	{ "an install step without a time", "2.8", "not_reviewed", "age",
	  RUN("1", "dnf install -y x") WHEN("1", "0001-01-01T00:00:00Z") },
	{ "a cache", "2.8", "fail", "cache",
	  "file /var/cache/apt/archives/x.deb|file|644|-|-|9\n" },
	{ "an empty file in a cache", "2.8", "pass", "fresh",
	  "file /var/cache/apt/archives/x.deb|file|644|-|-|0\n" },
	{ "waste", "2.8", "fail", "overwrite or delete 50 of 150",
	  "no layer\nlayer 0|50\n" },
	{ "waste decides without a history", "2.8", "fail", "of 150",
	  "no fact history\nno layer\nlayer 0|50\n" },
	/* 2.9 */
	{ "a secret in the history", "2.9", "fail", "step 0",
	  "fact secret|stripe-key|token sk_l****\n" },
	{ "no secret", "2.9", "pass", "no secret", "" },
	{ "no history to look into", "2.9", "not_reviewed", "Dockerfile",
	  "no fact history\n" },
	/* 2.11 */
	{ "verification switched off in a file", "2.11", "fail", "gpgcheck=0",
	  "fact verify.off|/etc/yum.conf|gpgcheck=0\n" },
	{ "verification switched off in a step", "2.11", "fail",
	  "--force-yes", RUN("1", "apt-get install --force-yes x") },
	{ "such a word of another program", "2.11", "pass", "neither",
	  RUN("1", "tool --force-yes") },
	{ "a source written by a step", "2.11", "fail", "trusted=yes",
	  RUN("1", "echo 'deb [trusted=yes] http://e.example x y' > /x") },
	{ "npm's switch in two words", "2.11", "fail", "strict-ssl",
	  RUN("1", "npm config set strict-ssl false") },
	{ "a package without a signature", "2.11", "fail", "no signature",
	  "pkg rpm|sudo|1|none\n" },
	{ "packages of sources unknown", "2.11", "not_reviewed", "signed",
	  "fact package.db|deb|/var/lib/dpkg/status\n" },
	{ "files not compared with their packages", "2.11", "not_reviewed",
	  "checksums", "fact package.db|deb|/var/lib/dpkg/status\n"
	  "fact verify.on|/etc/apt/x|signed-by\n" },
	{ "packages verified throughout", "2.11", "pass", "signed",
	  "fact package.db|deb|/var/lib/dpkg/status\n"
	  "fact package.compared|deb|12\n"
	  "fact verify.on|/etc/apt/x|signed-by\n" },
	/* 2.12 */
	{ "a compiler", "2.12", "fail", "compiler: program /usr/bin/gcc",
	  "file /usr/bin/gcc|file|755|-|-|9\n" },
	{ "a compiler's package", "2.12", "fail", "compiler: package gcc-12",
	  "pkg deb|gcc-12|12.2|-\n" },
	{ "a debugger by another name", "2.12", "fail", "/usr/bin/gdb",
	  "file /usr/bin/gdb|link|777|/opt/x|-|0\n"
	  "file /opt/x|file|755|-|-|9\n" },
	{ "applets are no programs", "2.12", "pass", "shells: /bin/busybox",
	  "file /bin/busybox|file|755|-|-|9\n"
	  "file /bin/nc|link|777|busybox|-|0\n"
	  "file /bin/telnet|hard|755|/bin/busybox|-|9\n" },
	{ "parts of other software", "2.12", "pass", "no program",
	  "file /usr/lib/apt/methods/ftp|file|755|-|-|9\n" },
	{ "a package of a language's archive", "2.12", "pass", "no program",
	  "pkg npm|rr|1|-\n" },
	{ "much documentation", "2.12", "fail", "more than",
	  "file /usr/share/doc/x|file|644|-|-|10485761\n" },
	/* 2.13 */
	{ "nothing to compare with", "2.13", "not_reviewed", "manifests",
	  "fact config.port|8443/tcp|-\n" },
	{ "exposed and used", "2.13", "pass", "all exposed ports",
	  "fact config.port|8443/tcp|-\npod pod.probe_port|8443|liveness\n" },
	{ "exposed and not used", "2.13", "fail", "9000/tcp is exposed",
	  "fact config.port|8443/tcp|-\nfact config.port|9000/tcp|-\n"
	  "pod pod.port|8443|TCP\n" },
	{ "used by another protocol", "2.13", "fail", "8443/udp",
	  "fact config.port|8443/udp|-\npod pod.port|8443|TCP\n" },
	{ "used and not exposed is a note", "2.13", "pass", "not exposed",
	  "pod pod.port|8443|TCP\n" },
	{ "as the label declares", "2.13", "pass", "all exposed ports",
	  "fact config.port|53/udp|-\n"
	  "fact config.label|muster.service.ports|8443, 53/udp\n" },
	/* 2.15, 2.17, 2.18 */
	{ "a floating tag", "2.15", "fail", "latest",
	  "pod pod.image|-|web:latest\n" },
	{ "no inventory", "2.15", "not_reviewed", "inventory", "" },
	{ "a base from elsewhere", "2.17", "fail", "appendix A",
	  "fact config.label|org.opencontainers.image.base.name|"
	  "evil.example/x:1\n" },
	{ "a label alone is no proof", "2.17", "not_reviewed", "Iron Bank",
	  "fact config.label|org.opencontainers.image.base.name|"
	  "registry1.dso.mil/ironbank/x:1\n" },
	{ "contents were not searched", "2.18", "not_reviewed", "search", "" },
};

struct tosink {
	struct sink	 sink;
	struct evidence	*ev;
};

static int put(struct sink *sink, const struct rec *rec, struct err *err)
{
	return evidence_put(((struct tosink *)sink)->ev, rec, err);
}

/* A field of "a|b|c"; "-" is NULL.  The text is cut to pieces. */
static const char *field(char **p)
{
	char *f = *p, *bar;

	if (f == NULL)
		return NULL;
	bar = strchr(f, '|');
	/* The last field of a history may hold bars: it is read by rest(). */
	*p = bar != NULL ? bar + 1 : NULL;
	if (bar != NULL)
		*bar = '\0';
	return strcmp(f, "-") == 0 ? NULL : f;
}

static const char *rest(char **p)
{
	const char *f = *p;

	*p = NULL;
	return f != NULL && strcmp(f, "-") == 0 ? NULL : f;
}

static int64_t number(const char *s, int base)
{
	return s != NULL ? strtoll(s, NULL, base) : 0;
}

static void say_fact(struct sink *s, char *p, const char *fallback)
{
	struct err err = ERR_INIT;
	struct fact f = { .target = 1, .name = field(&p) };
	char at[64];

	f.key = field(&p);
	f.value = rest(&p);
	snprintf(at, sizeof(at), strncmp(f.name, "history", 7) == 0 ?
	    "history:%s" : "%s:/x", strncmp(f.name, "history", 7) == 0 ?
	    f.key : fallback);
	if (strcmp(f.name, "secret") == 0)
		snprintf(at, sizeof(at), "history:0");
	f.locator = at;
	assert_ok(sink_fact(s, &f, &err), &err);
}

static void say_line(struct sink *s, char *line)
{
	struct err err = ERR_INIT;
	char *p = strchr(line, ' ') + 1;

	if (strncmp(line, "fact ", 5) == 0) {
		say_fact(s, p, "config");
	} else if (strncmp(line, "pod ", 4) == 0) {
		say_fact(s, p, "yaml");
	} else if (strncmp(line, "say ", 4) == 0) {
		say_fact(s, p, "json");
	} else if (strncmp(line, "file ", 5) == 0) {
		struct file f = { .target = 1, .path = field(&p) };

		f.type = field(&p);
		f.mode = number(field(&p), 8);
		f.link = field(&p);
		f.caps = field(&p);
		f.size = number(field(&p), 10);
		assert_ok(sink_file(s, &f, &err), &err);
	} else if (strncmp(line, "pkg ", 4) == 0) {
		struct package k = { .target = 1, .type = field(&p) };

		k.name = field(&p);
		k.version = field(&p);
		k.signature = field(&p);
		k.locator = "layer:" DIFF ":/db";
		assert_ok(sink_package(s, &k, &err), &err);
	} else if (strncmp(line, "layer ", 6) == 0) {
		struct layer l = { .target = 1, .n = number(field(&p), 10) };

		l.wasted = number(field(&p), 10);
		l.diff_id = DIFF;
		l.state = "ok";
		assert_ok(sink_layer(s, &l, &err), &err);
	} else {
		struct finding f = { .target = 1, .kind = field(&p) };

		f.id = field(&p);
		f.title = field(&p);
		f.package = field(&p);
		f.locator = "json:/0";
		assert_ok(sink_finding(s, &f, &err), &err);
	}
}

/* Is a line of whole left out: "no file", "no fact config.user"? */
static bool is_left_out(const char *evidence, const char *line)
{
	for (const char *p = evidence; (p = strstr(p, "no ")) != NULL; p += 3) {
		size_t n = strcspn(p + 3, "\n");

		if ((p == evidence || p[-1] == '\n') &&
		    strncmp(line, p + 3, n) == 0)
			return true;
	}
	return false;
}

static bool is_kind(const char *line, const char *kinds)
{
	char word[8] = { 0 };

	memcpy(word, line, strcspn(line, " ") & 7);
	return str_listed(kinds, word);
}

/* One file of evidence with the lines of these kinds. */
static void add_artifact(struct store *st, const struct row *r,
    const char *kinds, char digit)
{
	const bool image = is_kind("fact", kinds), pod = is_kind("pod", kinds);
	struct err err = ERR_INIT;
	struct artifact a = { .name = pod ? "pod.yaml" : image ? "image.tar" :
	    "scan.json", .format = pod ? "k8s" : image ? "test" : "scan",
	    .importer = "test", .batch = "1", .importer_version = 1 };
	struct target t = { .kind = pod ? "workload" : "image", .key = pod ?
	    "Pod/default/p/c" : NULL, .name = "web", .locator = "json:/0" };
	struct tosink to = { .sink = { .put = put } };
	char sha[65] = { 0 }, digest[65], *copy, *line, *save;

	memset(sha, digit, 64);
	a.sha256 = sha;
	assert_ok(store_begin(st, &err), &err);
	to.ev = evidence_begin(st, &err);
	assert_non_null(to.ev);
	assert_true(sink_target(&to.sink, &t, &err) == 1);
	if (pod) {
		if (strstr(r->evidence, "pod pod.image") == NULL)
			say_line(&to.sink, (char[]){ "pod pod.image|-|web@"
			    IMAGE });
	} else {
		assert_ok(sink_identity(&to.sink, &(struct identity){ 1,
		    "manifest", IMAGE }, &err), &err);
		assert_ok(sink_identity(&to.sink, &(struct identity){ 1,
		    "tag", "docker.io/library/web:latest" }, &err), &err);
	}
	for (size_t i = 0; image && i < sizeof(whole) / sizeof(whole[0]); i++)
		if (!is_left_out(r->evidence, whole[i])) {
			copy = strdup(whole[i]);
			say_line(&to.sink, copy);
			free(copy);
		}
	copy = strdup(r->evidence);
	for (line = strtok_r(copy, "\n", &save); line != NULL;
	    line = strtok_r(NULL, "\n", &save))
		if (is_kind(line, kinds))
			say_line(&to.sink, line);
	free(copy);
	assert_ok(evidence_end(to.ev, &a, digest, &err), &err);
	evidence_free(to.ev);
	assert_ok(store_commit(st, &err), &err);
}

static void find(struct store *st, const char *requirement,
    struct str *verdict, struct str *reasons)
{
	struct err err = ERR_INIT;
	struct query q;
	int rc;

	query_open(&q, st, SQL_SHOW_RESULTS, BIND(V((const char *)NULL)));
	while ((rc = query_next(&q, &err)) > 0)
		if (strcmp(query_text(&q, 1), "image") == 0 &&
		    strcmp(query_text(&q, 3), requirement) == 0) {
			str_add(verdict, query_text(&q, 4));
			str_add(reasons, query_text(&q, 8));
			break;
		}
	query_close(&q);
	assert_ok(rc, &err);
}

static void decided(void **state)
{
	const struct row *r = *state;
	struct str verdict = STR_INIT, reasons = STR_INIT, part = STR_INIT;
	struct err err = ERR_INIT;
	struct store *st = store_open(":memory:", STORE_CREATE, &err);

	assert_non_null(st);
	if (!is_left_out(r->evidence, "fact config.format") ||
	    strstr(r->evidence, "fact config.format") != NULL)
		add_artifact(st, r, "fact file pkg layer", '1');
	if (strstr(r->evidence, "find ") != NULL ||
	    strstr(r->evidence, "say ") != NULL)
		add_artifact(st, r, "find say", '2');
	if (strstr(r->evidence, "pod ") != NULL)
		add_artifact(st, r, "pod", '3');
	assert_ok(assess_run(st, "2026-01-01T00:00:00Z", &err), &err);
	find(st, r->requirement, &verdict, &reasons);
	/* Reasons are JSON: quotes of the part, too. */
	for (const char *p = r->part; *p != '\0'; p++)
		str_addf(&part, *p == '"' ? "\\%c" : "%c", *p);
	if (strstr(str_text(&reasons), str_text(&part)) == NULL ||
	    strcmp(str_text(&verdict), r->verdict) != 0)
		print_error("%s: %s\n", str_text(&verdict),
		    str_text(&reasons));
	assert_string_equal(str_text(&verdict), r->verdict);
	assert_non_null(strstr(str_text(&reasons), str_text(&part)));
	str_free(&part);
	str_free(&verdict);
	str_free(&reasons);
	store_close(st);
}

static void many_hits_are_told_up_to_a_limit(void **state)
{
	struct row r = { "", "2.3", "fail", "and 75 more privileged", NULL };
	struct str all = STR_INIT;
	void *row = &r;

	(void)state;
	for (int i = 0; i < 100; i++)
		str_addf(&all, "file /bin/s%d|file|4755|-|-|1\n", i);
	r.evidence = str_text(&all);
	decided(&row);
	str_free(&all);
}

int main(void)
{
	struct CMUnitTest tests[256] = {
		cmocka_unit_test(many_hits_are_told_up_to_a_limit),
	};
	size_t n = 1;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		tests[n++] = (struct CMUnitTest){ .name = rows[i].says,
		    .test_func = decided,
		    .initial_state = (void *)(uintptr_t)&rows[i] };
	return _cmocka_run_group_tests("checks", tests, n, NULL, NULL);
}
