/*
 * source_rows.h - the scenes of test_source.c, which says how they are
 * written: what each requirement comes to, and a part of the reasons.
 */
#ifndef SOURCE_ROWS_H
#define SOURCE_ROWS_H

#define APP	"image reg.example/app:2.0|1|abc|2026-11-01T00:00:00Z\n"
#define BASE	"image hub.example/base:1.4|2|ab|2026-10-01T00:00:00Z\n"
#define LOW	"image hub.example/low:1|3|a|2026-09-01T00:00:00Z\n"
#define APPROVED "list approved|2026-11-20\n"
#define INVENTORY "list inventory|2026-11-20\n"
#define NAME	"label org.opencontainers.image.base.name|"
#define DIGEST	"label org.opencontainers.image.base.digest|sha256:"
#define PARENT	"label mil.dso.ironbank.image.parent|"
#define ONES	"1111111111111111111111111111111111111111111111111111111111111111"
#define TWOS	"2222222222222222222222222222222222222222222222222222222222222222"
#define NINES	"9999999999999999999999999999999999999999999999999999999999999999"
#define IRON	"registry1.dso.mil/ironbank/"
#define SCRATCH	"fact dockerfile.scratch|final|true\n"

static const struct row {
	const char *says, *requirement, *verdict;
	const char *part;		/* of the reasons */
	const char *scene;
} rows[] = {
	/* 2.14 */
	{ "an approved chain", "2.14", "pass",
	  "those of the approved base hub.example/base:1.4",
	  APP APPROVED "entry hub.example/base|1.4|2|ab|-\n" },
	{ "no list", "2.14", "not_reviewed", "no list of approved base",
	  APP BASE },
	{ "no list and no base", "2.14", "not_reviewed",
	  "nothing says which image", APP },
	{ "a list, and nothing says what the base is", "2.14",
	  "not_reviewed", "nothing says which image",
	  APP APPROVED "entry hub.example/other|1|8|de|-\n" },
	{ "a base that is on no list", "2.14", "fail",
	  "hub.example/base:1.4 is on no list",
	  APP BASE APPROVED "entry hub.example/other|1|8|de|-\n" },
	{ "a label that names a base on no list", "2.14", "fail",
	  "docker.io/x/y:1 is on no list",
	  APP NAME "docker.io/x/y:1\n"
	  APPROVED "entry hub.example/other|1|8|de|-\n" },
	{ "an approved base's name with other layers", "2.14", "fail",
	  "possible tampering",
	  APP NAME "hub.example/base:1.4\n"
	  APPROVED "entry hub.example/base|1.4|2|de|-\n" },
	{ "tampering is said first", "2.14", "fail",
	  "\"role\":\"fail\",\"text\":\"possible tampering",
	  APP NAME "hub.example/base:1.4\n"
	  APPROVED "entry hub.example/base|1.4|2|de|-\n" },
	{ "an approved base's name with another digest", "2.14", "fail",
	  "possible tampering",
	  APP NAME "hub.example/base:1.4\n" DIGEST NINES "\n"
	  APPROVED "entry hub.example/base|1.4|2|-|-\n" },
	{ "an archive of the approved name and another digest", "2.14",
	  "fail", "possible tampering",
	  APP BASE APPROVED "entry hub.example/base|1.4|9|-|-\n" },
	{ "one of several entries of that name has the bytes", "2.14",
	  "pass", "digest by digest",
	  APP NAME "hub.example/base:1.4\n" APPROVED
	  "entry hub.example/base|1.4|8|de|-\n"
	  "entry hub.example/base|1.4|2|ab|-\n" },
	{ "a short name is Docker Hub's", "2.14", "pass",
	  "docker.io/library/debian:12",
	  APP NAME "debian:12\n"
	  APPROVED "entry docker.io/library/debian|12|2|ab|-\n" },
	{ "a digest alone is approved, the archive proves the layers", "2.14",
	  "pass", "approves by that digest",
	  APP BASE APPROVED "entry hub.example/base|1.4|2|-|-\n" },
	{ "a digest alone is approved, and nothing proves the layers",
	  "2.14", "not_reviewed", "nothing shows that its layers are these",
	  APP NAME "hub.example/base:1.4\n" DIGEST TWOS "\n"
	  APPROVED "entry hub.example/base|1.4|2|-|-\n" },
	{ "a mirror's name of approved layers", "2.14", "pass",
	  "digest by digest",
	  APP NAME "mirror.example/base:1.4\n"
	  APPROVED "entry hub.example/base|1.4|2|ab|-\n" },
	{ "the digest of an index beside the right layers", "2.14", "pass",
	  "digest by digest",
	  APP NAME "hub.example/base:1.4\n" DIGEST NINES "\n"
	  APPROVED "entry hub.example/base|1.4|2|ab|-\n" },
	{ "an image between that nobody approved", "2.14", "fail",
	  "hub.example/base:1.4 is on no list",
	  APP BASE APPROVED "entry hub.example/low|1|3|a|-\n" },
	{ "the same, where words name the approved one", "2.14", "pass",
	  "those of the approved base hub.example/low:1",
	  APP NAME "hub.example/low:1\n" BASE
	  APPROVED "entry hub.example/low|1|3|a|-\n" },
	{ "a label that the base has too is inherited", "2.14", "fail",
	  "is inherited",
	  APP NAME "hub.example/low:1\n" BASE NAME "hub.example/low:1\n" LOW
	  APPROVED "entry hub.example/low|1|3|a|-\n" },
	{ "an older version of the image itself is no base", "2.14", "pass",
	  "those of the approved base hub.example/low:1",
	  APP "image reg.example/app:1.0|4|ab|-\n"
	  APPROVED "entry hub.example/low|1|3|a|-\n" },
	{ "a longer list beats a shorter one", "2.14", "pass",
	  "(2 of 3) are, digest by digest, those of the approved base "
	  "hub.example/base:1.4",
	  APP APPROVED "entry hub.example/low|1|3|a|-\n"
	  "entry hub.example/base|1.4|2|ab|-\n" },
	{ "another version than the layers'", "2.14", "fail",
	  "contradiction",
	  APP NAME "hub.example/base:1.3\n" BASE
	  APPROVED "entry hub.example/base|1.4|2|ab|-\n" },
	{ "a moving tag of the version the layers are", "2.14", "pass",
	  "digest by digest",
	  APP NAME "hub.example/base:1\n"
	  APPROVED "entry hub.example/base|1.4|2|ab|-\n" },
	{ "a variant is another image", "2.14", "fail", "on no list",
	  APP NAME "hub.example/base:1.4-slim\n"
	  APPROVED "entry hub.example/base|1.4|2|de|-\n" },
	{ "a Dockerfile and a label that disagree", "2.14", "fail",
	  "\"role\":\"contradiction\"",
	  APP NAME "hub.example/base:1.4\n"
	  "fact dockerfile.from|final|docker.io/alpine:3\n"
	  APPROVED "entry hub.example/other|1|8|de|-\n" },
	{ "another stage's base is none of the image's", "2.14",
	  "not_reviewed", "nothing says which image",
	  APP "fact dockerfile.from|build|docker.io/golang:1\n"
	  APPROVED "entry hub.example/other|1|8|de|-\n" },
	{ "a hardening manifest's base is Iron Bank's", "2.14", "pass",
	  IRON "redhat/ubi/ubi9:9.4",
	  APP "fact hardening.base|-|redhat/ubi/ubi9:9.4\n"
	  APPROVED "entry " IRON "redhat/ubi/ubi9|9.4|2|ab|-\n" },
	{ "a layer above the base may do anything", "2.14", "pass",
	  "digest by digest",
	  "image reg.example/chmod:1|1|ax|-\n" LOW
	  APPROVED "entry hub.example/low|1|3|a|-\n" },
	{ "an approved base itself", "2.14", "pass", "(2 of 2)",
	  BASE APPROVED "entry hub.example/base|1.4|2|ab|-\n" },
	{ "an approved base's name on other bytes", "2.14", "fail",
	  "possible tampering",
	  BASE APPROVED "entry hub.example/base|1.4|9|xy|-\n" },
	{ "from scratch, and approved itself", "2.14", "pass",
	  "digest by digest",
	  APP SCRATCH APPROVED "entry reg.example/app|2.0|1|abc|-\n" },
	{ "from scratch, and not approved itself", "2.14", "fail",
	  "itself on no list",
	  APP SCRATCH APPROVED "entry hub.example/low|1|3|a|-\n" },
	{ "from scratch and a label are a contradiction", "2.14", "fail",
	  "\"role\":\"contradiction\"",
	  APP NAME "hub.example/base:1.4\n" SCRATCH
	  APPROVED "entry hub.example/low|1|3|a|-\n" },
	{ "a layer of the base that is not what it should be", "2.14",
	  "error", "not read to the end",
	  "image reg.example/app:2.0|1|abc|-|1\n"
	  "fact content.read|-|false\n"
	  APPROVED "entry hub.example/base|1.4|2|ab|-\n" },
	{ "the walk along the layers", "2.14", "pass",
	  "layer 2, sha256:cccccccccccccccccccccccccccccccccccccccccccccc"
	  "cccccccccccccccccc: of this image alone",
	  APP APPROVED "entry hub.example/base|1.4|2|ab|-\n" },
	/* 2.15 */
	{ "a registry that holds the newest only", "2.15", "pass",
	  "1 version of reg.example/app",
	  APP INVENTORY "entry reg.example/app|2.0|1|-|2026-11-01\n" },
	{ "no inventory", "2.15", "not_reviewed",
	  "no inventory in evidence lists", APP },
	{ "an inventory of another registry", "2.15", "not_reviewed",
	  "no inventory in evidence lists what the registry holds of "
	  "reg.example/app",
	  APP INVENTORY "entry other.example/app|2.0|1|-|2026-11-01\n" },
	{ "an inventory of another repository", "2.15", "not_reviewed",
	  "no inventory in evidence lists",
	  APP INVENTORY "entry reg.example/web|2.0|1|-|2026-11-01\n" },
	{ "an inventory that is too old", "2.15", "not_reviewed",
	  "31 days old",
	  APP "list inventory|2026-10-31\n"
	  "entry reg.example/app|2.0|1|-|2026-10-01\n" },
	{ "an inventory that is just new enough", "2.15", "pass",
	  "2026-11-01",
	  APP "list inventory|2026-11-01\n"
	  "entry reg.example/app|2.0|1|-|2026-10-01\n" },
	{ "an inventory from after the assessment", "2.15", "not_reviewed",
	  "after the time of this assessment",
	  APP "list inventory|2026-12-02\n"
	  "entry reg.example/app|2.0|1|-|2026-10-01\n" },
	{ "an inventory without a date", "2.15", "not_reviewed",
	  "age is not known",
	  APP "list inventory|-\n"
	  "entry reg.example/app|2.0|1|-|2026-11-01\n" },
	{ "a full page of an inventory", "2.15", "not_reviewed",
	  "may not be the whole: page",
	  APP "list inventory|2026-11-20|page\n"
	  "entry reg.example/app|2.0|1|-|2026-11-01\n" },
	{ "a full page and the next one", "2.15", "pass", "1 version",
	  APP "list inventory|2026-11-20|page\n"
	  "entry reg.example/app|2.0|1|-|2026-11-01\n"
	  "list inventory|2026-11-10\n"
	  "entry reg.example/app|sha256-1.sig|5|-|-\n" },
	{ "an older version by its date", "2.15", "fail",
	  "still holds 3.0 of reg.example/app, though 2.0 is newer by the "
	  "dates",
	  APP INVENTORY "entry reg.example/app|2.0|1|-|2026-11-01\n"
	  "entry reg.example/app|3.0|5|-|2026-10-01\n" },
	{ "an older version by its tag", "2.15", "fail",
	  "still holds 1.9 of reg.example/app, though 1.10 is newer by their "
	  "tags",
	  "image reg.example/app:1.10|1|abc|-\n"
	  INVENTORY "entry reg.example/app|1.10|1|-|-\n"
	  "entry reg.example/app|1.9|5|-|-\n" },
	{ "an old image that nothing tags any more", "2.15", "fail",
	  "still holds sha256:555",
	  APP INVENTORY "entry reg.example/app|2.0|1|-|2026-11-01\n"
	  "entry reg.example/app|-|5|-|2026-10-01\n" },
	{ "several tags of one image are one version", "2.15", "pass",
	  "1 version",
	  APP INVENTORY "entry reg.example/app|2.0|1|-|2026-11-01\n"
	  "entry reg.example/app|2|1|-|2026-11-01\n"
	  "entry reg.example/app|latest|1|-|2026-11-01\n" },
	{ "a variant of the same version is not older", "2.15", "pass",
	  "2 versions",
	  APP INVENTORY "entry reg.example/app|2.0|1|-|2026-11-01\n"
	  "entry reg.example/app|2.0-slim|5|-|2026-10-31\n" },
	{ "platforms of one tag are one version", "2.15", "pass",
	  "2 versions",
	  APP INVENTORY "entry reg.example/app|2.0|1|-|2026-11-01T02:00:00Z\n"
	  "entry reg.example/app|2.0|5|-|2026-11-01T01:00:00Z\n" },
	{ "a release candidate is older than its release", "2.15", "fail",
	  "2.0-rc1 of",
	  APP INVENTORY "entry reg.example/app|2.0|1|-|-\n"
	  "entry reg.example/app|2.0-rc1|5|-|-\n" },
	{ "a tag that tells nothing leaves it open", "2.15", "not_reviewed",
	  "holds main of reg.example/app, which neither",
	  "image reg.example/app:2.0|1|abc|-\n"
	  INVENTORY "entry reg.example/app|2.0|1|-|-\n"
	  "entry reg.example/app|main|5|-|-\n" },
	{ "signatures are no images", "2.15", "pass", "1 version",
	  APP INVENTORY "entry reg.example/app|2.0|1|-|2026-11-01\n"
	  "entry reg.example/app|sha256-" ONES ".sig|5|-|2026-10-01\n" },
	{ "the newest inventory counts", "2.15", "pass", "2026-11-20",
	  APP INVENTORY "entry reg.example/app|2.0|1|-|2026-11-01\n"
	  "new\nlist inventory|2026-11-10\n"
	  "entry reg.example/app|1.0|5|-|2026-10-01\n" },
	{ "an inventory too old to pass still fails", "2.15", "fail",
	  "still holds 1.0",
	  APP "list inventory|2026-01-01\n"
	  "entry reg.example/app|1.0|5|-|2025-10-01\n"
	  "entry reg.example/app|1.1|6|-|2025-12-01\n" },
	{ "Harbor's list of no host, with this image", "2.15", "pass",
	  "1 version of reg.example/app",
	  APP INVENTORY "entry */app|2.0|1|-|2026-11-01\n" },
	{ "Harbor's list of no host, without this image", "2.15",
	  "not_reviewed", "no inventory in evidence lists",
	  APP INVENTORY "entry */app|2.0|5|-|2026-11-01\n" },
	{ "a floating tag in a workload", "2.15", "fail", "floating tag",
	  APP INVENTORY "entry reg.example/app|2.0|1|-|2026-11-01\n"
	  "run p|reg.example/app\n"
	  "image reg.example/app:latest|1|abc|2026-11-01T00:00:00Z\n" },
	{ "a tag without a digest in a workload", "2.15", "fail",
	  "a tag without a digest",
	  APP INVENTORY "entry reg.example/app|2.0|1|-|2026-11-01\n"
	  "run p|reg.example/app:2.0\n" },
	{ "a workload by digest", "2.15", "pass", "1 version",
	  APP INVENTORY "entry reg.example/app|2.0|1|-|2026-11-01\n"
	  "run p|reg.example/app@sha256:" ONES "\n" },
	{ "a workload that runs an older digest, by the inventory", "2.15",
	  "fail", "runs an older version of reg.example/app: ",
	  APP INVENTORY "entry reg.example/app|3.0|5|-|2026-11-10\n"
	  "run p|reg.example/app@sha256:" ONES "\n" },
	{ "the same, by the images in evidence alone", "2.15", "fail",
	  "runs an older version of reg.example/app: ",
	  APP "image reg.example/app:3.0|5|xyz|2026-11-10T00:00:00Z\n"
	  "run p|reg.example/app@sha256:" ONES "\n" },
	{ "manifests alone can only fail", "2.15", "not_reviewed",
	  "no inventory", APP "run p|reg.example/app@sha256:" ONES "\n" },
	{ "a base that the list replaced", "2.15", "fail",
	  "of its base hub.example/base:1.4 list lists a newer version, 1.5",
	  APP INVENTORY "entry reg.example/app|2.0|1|-|2026-11-01\n"
	  APPROVED "entry hub.example/base|1.4|2|ab|-\n"
	  "entry hub.example/base|1.5|5|de|-\n" },
	{ "a base that is the newest of the list", "2.15", "pass",
	  "1 version",
	  APP INVENTORY "entry reg.example/app|2.0|1|-|2026-11-01\n"
	  APPROVED "entry hub.example/base|1.4|2|ab|-\n"
	  "entry hub.example/base|1.3|5|de|-\n" },
	{ "a base built anew under its tag", "2.15", "fail",
	  "lists a newer version, 1.4 (by the dates",
	  APP APPROVED "entry hub.example/base|1.4|2|ab|2026-09-01\n"
	  "entry hub.example/base|1.4|5|de|2026-10-01\n" },
	/* 2.17 */
	{ "Iron Bank by an inventory that holds the digest", "2.17", "pass",
	  "which the inventory list of Iron Bank holds as " IRON "ubi9:9.4",
	  APP PARENT IRON "ubi9:9.4@sha256:" TWOS "\n"
	  INVENTORY "entry " IRON "ubi9|9.4|2|-|-\n" },
	{ "only words say that its base is that", "2.17", "pass",
	  "only words say that its base is " IRON "ubi9:9.4",
	  APP PARENT IRON "ubi9:9.4@sha256:" TWOS "\n"
	  INVENTORY "entry " IRON "ubi9|9.4|2|-|-\n" },
	{ "Iron Bank by label alone", "2.17", "not_reviewed",
	  "words alone are no proof",
	  APP PARENT IRON "ubi9:9.4@sha256:" TWOS "\n" },
	{ "an inventory that holds another digest", "2.17", "not_reviewed",
	  "words alone are no proof",
	  APP PARENT IRON "ubi9:9.4@sha256:" TWOS "\n"
	  INVENTORY "entry " IRON "ubi9|9.4|5|-|-\n" },
	{ "an inventory of an untrusted source holds it", "2.17",
	  "not_reviewed", "approved but untrusted",
	  APP NAME "debian:12\n" DIGEST TWOS "\n"
	  INVENTORY "entry docker.io/library/debian|12|2|-|-\n" },
	{ "a list of approved bases is no inventory", "2.17",
	  "not_reviewed", "words alone are no proof",
	  APP PARENT IRON "ubi9:9.4@sha256:" TWOS "\n"
	  APPROVED "entry " IRON "ubi9|9.4|2|-|-\n" },
	{ "Docker Hub by a short name", "2.17", "not_reviewed",
	  "Docker Hub, number 2 in appendix A",
	  APP NAME "debian\n" },
	{ "a registry that is on no list", "2.17", "fail", "appendix A",
	  APP NAME "quay.example/x:1\n" },
	{ "Iron Bank's registry outside of its folder", "2.17", "fail",
	  "appendix A", APP NAME "registry1.dso.mil/other/x:1\n" },
	{ "a registry that only begins like one of the list", "2.17", "fail",
	  "appendix A", APP NAME "docker.io.evil.example/x:1\n" },
	{ "the worst of two words counts", "2.17", "fail", "appendix A",
	  APP NAME "debian:12\n"
	  "fact dockerfile.from|final|quay.example/x:1\n" },
	{ "a mirror's name of a digest that Iron Bank holds", "2.17", "pass",
	  "holds as " IRON "ubi9",
	  APP NAME "mirror.example/ubi9:9.4\n" DIGEST TWOS "\n"
	  INVENTORY "entry " IRON "ubi9|9.4|2|-|-\n" },
	{ "a digest whose layers are known and are others", "2.17", "fail",
	  "are not its lowest ones",
	  APP PARENT IRON "ubi9:9.4@sha256:" TWOS "\n"
	  "image " IRON "ubi9:9.4|2|xy|-\n"
	  INVENTORY "entry " IRON "ubi9|9.4|2|-|-\n" },
	{ "layers of an image in evidence, held by Iron Bank", "2.17",
	  "pass", "holds as " IRON "ubi9",
	  APP "image " IRON "ubi9:9.4|2|ab|-\n"
	  INVENTORY "entry " IRON "ubi9|9.4|2|-|-\n" },
	{ "an untrusted source with a valid signature", "2.17", "pass",
	  "its base debian:12 comes from Docker Hub",
	  APP NAME "debian:12\n" DIGEST TWOS "\n"
	  "sign 2|docker.io/library/debian|docker.io/library\n" },
	{ "Iron Bank with a valid signature", "2.17", "pass",
	  "comes from Iron Bank",
	  APP PARENT IRON "ubi9:9.4@sha256:" TWOS "\n"
	  "sign 2|" IRON "ubi9|registry1.dso.mil/ironbank\n" },
	{ "a signature by a key that nobody trusts", "2.17",
	  "not_reviewed", "a valid signature (now it is",
	  APP NAME "debian:12\n" DIGEST TWOS "\n"
	  "sign 2|docker.io/library/debian|-\n" },
	{ "a signature by a key trusted for something else", "2.17",
	  "not_reviewed", "a valid signature (now it is",
	  APP NAME "debian:12\n" DIGEST TWOS "\n"
	  "sign 2|docker.io/library/debian|quay.example/x\n" },
	{ "a signature over another digest", "2.17", "not_reviewed",
	  "a valid signature would decide",
	  APP NAME "debian:12\n" DIGEST TWOS "\n"
	  "sign 5|docker.io/library/debian|docker.io\n" },
	{ "a valid signature of a source on no list", "2.17", "fail",
	  "appendix A",
	  APP NAME "quay.example/x:1\n" DIGEST TWOS "\n"
	  "sign 2|quay.example/x|quay.example\n" },
	{ "nothing says what the base is", "2.17", "not_reviewed",
	  "nothing says which image", APP },
	{ "from scratch: its own registry", "2.17", "fail",
	  "reg.example/app, which is on no list", APP SCRATCH },
	{ "from scratch, and held by Iron Bank", "2.17", "pass",
	  "holds as " IRON "app",
	  "image " IRON "app:2.0|1|abc|-\n" SCRATCH
	  INVENTORY "entry " IRON "app|2.0|1|-|-\n" },
	/* 2.10 */
	{ "a base that is signed", "2.10", "pass", "the base",
	  APP NAME "hub.example/base:1.4\n" DIGEST TWOS "\n"
	  "sign 2|hub.example/base|hub.example\n" },
	{ "a signed base that another word contradicts", "2.10",
	  "not_reviewed", "what is said of the base does not agree",
	  APP NAME "hub.example/base:1.4\n" DIGEST TWOS "\n"
	  "fact dockerfile.from|final|docker.io/alpine:3\n"
	  "sign 2|hub.example/base|hub.example\n" },
};

#endif
