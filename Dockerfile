# Image for a Prefect work pool of type docker or kubernetes. Secrets of drives and database come from the
# environment or from Prefect's secret blocks. Installs requirements.lock only: no developers' tools.
FROM python:3.11-slim-bookworm
# hadolint ignore=DL3008
RUN apt-get update && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 10001 chitieu
WORKDIR /app
COPY --chown=chitieu . .
RUN chown chitieu /app
USER 10001
RUN make env
ENV PATH=/app/.venv/bin:$PATH CHITIEU_HOME=/home/chitieu/work PREFECT_SERVER_ANALYTICS_ENABLED=false DO_NOT_TRACK=1
# Archive and pages: mount a volume that all workers share.
VOLUME /home/chitieu/work
CMD ["prefect", "worker", "start", "--pool", "chitieu"]
