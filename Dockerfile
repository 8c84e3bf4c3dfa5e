FROM python:3.11-slim AS build
WORKDIR /build
COPY . .
RUN python -m venv /opt/leadscoring && /opt/leadscoring/bin/pip install --no-cache-dir '.[postgres]'

FROM python:3.11-slim
COPY --from=build /opt/leadscoring /opt/leadscoring
RUN useradd --create-home --uid 10001 leadscoring \
    && install -d -o leadscoring -g leadscoring /var/lib/leadscoring
USER leadscoring
WORKDIR /var/lib/leadscoring
VOLUME /var/lib/leadscoring
EXPOSE 50051 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s CMD \
    ["/opt/leadscoring/bin/python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8080/readyz', timeout=2)"]
# Calls are not authenticated yet: publish the ports only to hosts that may read and change every lead.
ENTRYPOINT ["/opt/leadscoring/bin/leadscoring"]
CMD ["serve", "--store", "sqlite:////var/lib/leadscoring/leadscoring.db", \
     "--listen", "0.0.0.0:50051", "--http", "0.0.0.0:8080", "--allow-unauthenticated"]
