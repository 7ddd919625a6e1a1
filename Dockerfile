# The image for a work pool of type docker or kubernetes. It was written, not built, on the machine that the rest
# was tested on: say so if it fails. The drives' secrets come from the environment or Prefect's secret blocks.
FROM python:3.11-slim-bookworm
RUN apt-get update && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home chitieu
WORKDIR /app
COPY --chown=chitieu . .
RUN chown chitieu /app
USER chitieu
RUN make env
ENV PATH=/app/.venv/bin:$PATH CHITIEU_HOME=/home/chitieu/work PREFECT_SERVER_ANALYTICS_ENABLED=false DO_NOT_TRACK=1
# The archive and the pages: mount a volume that all workers share.
VOLUME /home/chitieu/work
CMD ["prefect", "worker", "start", "--pool", "chitieu"]
