# syntax=docker/dockerfile:1

# What tells of what the binary is made.
FROM rust:1.95-slim-bookworm AS tools
RUN cargo install --locked --version 0.5.9 --root /tools cargo-cyclonedx

FROM rust:1.95-slim-bookworm AS builder
WORKDIR /build
# The time that stands in what is made; give that of the commit: --build-arg SOURCE_DATE_EPOCH="$(git log -1 --format=%ct)".
ARG SOURCE_DATE_EPOCH=0

# The dependencies, from the manifests alone: this layer is rebuilt only when one of them changes.
COPY Cargo.toml Cargo.lock ./
COPY .cargo .cargo
COPY deploy/reproducibly deploy/
COPY api/Cargo.toml api/
COPY entity/Cargo.toml entity/
COPY migration/Cargo.toml migration/
COPY tests/Cargo.toml tests/
COPY tests/ceiling/Cargo.toml tests/ceiling/
RUN for source in api/src/lib.rs entity/src/lib.rs migration/src/lib.rs tests/support/lib.rs tests/it/main.rs; do \
        mkdir -p "$(dirname "$source")" && : > "$source"; \
    done \
    && mkdir tests/ceiling/src && echo 'fn main() {}' | tee api/src/main.rs > tests/ceiling/src/main.rs \
    && deploy/reproducibly cargo build --locked --profile dist --package framdrift \
    && rm -r api/src entity/src migration/src

# The service. Its sources may be older than the stand-ins above, so cargo is told to forget what it made of those.
COPY api api
COPY entity entity
COPY migration migration
RUN cargo clean --profile dist --package framdrift --package entity --package migration \
    && deploy/reproducibly cargo build --locked --profile dist --package framdrift \
    && cp target/dist/framdrift /usr/local/bin/
COPY --from=tools /tools/bin /usr/local/bin
COPY deploy/sbom deploy/
RUN deploy/sbom > /framdrift.cdx.json

FROM debian:bookworm-slim
# Whom to trust when something is sent to a webhook.
RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --user-group --home-dir /data --shell /usr/sbin/nologin framdrift \
    && install --directory --owner framdrift --group framdrift --mode 0700 /data
COPY --from=builder /usr/local/bin/framdrift /usr/local/bin/
COPY --from=builder /framdrift.cdx.json /usr/share/doc/framdrift/
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
# What is freed goes back to the system after 10 ms, not after a second.
ENV MIMALLOC_PURGE_DELAY=10
ENV FRAMDRIFT_LISTEN=0.0.0.0:8080 FRAMDRIFT_DATA_DIR=/data
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s CMD ["framdrift", "health"]
ENTRYPOINT ["framdrift"]
CMD ["serve"]
