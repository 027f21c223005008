# syntax=docker/dockerfile:1.7
# escape=\
ARG REGISTRY=registry.example.mil
ARG TAG="1.2"
from ${REGISTRY}/build/go:${TAG:-9} as build
WORKDIR /src
RUN --mount=type=cache,target=/root/.cache \
    # a comment inside a continued command

    go build -o /out/app ./...

FROM registry.example.mil/base:3@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa AS run
EXPOSE 8443/tcp 9000
HEALTHCHECK --interval=30s CMD ["/usr/bin/app", "-health"]
USER 1001

FROM alpine AS unused
ADD https://example.com/x.tar.gz /x

FROM run
COPY --from=build /out/app /usr/bin/app
COPY <<-ONE <<'TWO' /etc/
	first
	ONE
second
TWO
RUN <<EOF
set -e
mkdir /data
EOF
RUN ["/usr/bin/app", "--init", "two words"]
ENV DB_PASSWORD=hunter2hunter2 MODE=dark
ONBUILD RUN make
ENTRYPOINT ["/usr/bin/app"]
