# syntax=docker/dockerfile:1
# The server in a container:
#   docker build -t chatctl . && docker run -p 8080:8080 -v chatctl:/var/lib/chatctl chatctl

FROM swift:6.2-bookworm AS build
WORKDIR /src
COPY Scripts Scripts
RUN Scripts/setup build
COPY . .
RUN make install DESTDIR=/out PREFIX=/usr

FROM debian:bookworm-slim
RUN apt-get update -qq \
    && apt-get install -qq -y --no-install-recommends \
        ca-certificates libedit2 libhiredis0.14 libpq5 libsqlite3-0 libssl3 libstdc++6 tzdata \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --home-dir /var/lib/chatctl --shell /usr/sbin/nologin chatctl \
    && install -d -m 700 -o chatctl -g chatctl /var/lib/chatctl
COPY --from=build /out/usr /usr
USER chatctl
ENV CHATCTL_DATABASE=sqlite:/var/lib/chatctl/chat.db
VOLUME /var/lib/chatctl
EXPOSE 8080
# The server drains on SIGTERM, which 'docker stop' sends; give it more time than --drain-seconds.
STOPSIGNAL SIGTERM
ENTRYPOINT ["chatctl"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8080", "--drain-seconds", "5"]
