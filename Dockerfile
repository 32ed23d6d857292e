# Sweep as an image. Every step is a script of container/, which bin/prove-image runs in a fresh Debian.
#
#   docker build -t sweep .                              the networks' files come with it, in a layer
#   docker build -t sweep --build-arg WEIGHTS=volume .   they lie in the volume: docs/containers.md
#   docker run -p 8000:8000 -v sweep:/data --read-only --tmpfs /tmp sweep

FROM debian:trixie-slim AS build
COPY container /srv/sweep/container
RUN /srv/sweep/container/system build
COPY . /srv/sweep
ARG WEIGHTS=layer
RUN WEIGHTS=$WEIGHTS /srv/sweep/container/build

FROM debian:trixie-slim
COPY container /srv/sweep/container
RUN /srv/sweep/container/system run
RUN /srv/sweep/container/person
COPY --from=build /srv /srv
ENV DATA_DIR=/data TYPEFACE_DIR=/srv/typeface PYTHONDONTWRITEBYTECODE=1
WORKDIR /srv/sweep
USER 10001:10001
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=10m --retries=3 CMD ["container/health"]
ENTRYPOINT ["container/start"]
CMD ["all"]
