# Image for docker-compose.yml and for Prefect work pools of type docker or kubernetes. Passwords of drives and
# database come from the environment or from Prefect's secret blocks.

FROM python:3.11-slim-bookworm AS build
WORKDIR /app
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv .venv
# The lock alone first: a change of the source does not install the packages again.
COPY requirements.lock ./
RUN .venv/bin/pip install --no-deps --require-hashes -r requirements.lock
COPY . .
RUN .venv/bin/pip install --no-deps --no-build-isolation --editable .

FROM python:3.11-slim-bookworm
RUN useradd --create-home --uid 10001 chitieu \
    && install --directory --owner=chitieu --group=chitieu /home/chitieu/data
# Owned by root: the process cannot change its own program.
COPY --from=build /app /app
WORKDIR /app
USER 10001
ENV PATH=/app/.venv/bin:$PATH CHITIEU_HOME=/home/chitieu/data PREFECT_HOME=/home/chitieu/data/prefect
ENV PYTHONDONTWRITEBYTECODE=1 PREFECT_SERVER_ANALYTICS_ENABLED=false DO_NOT_TRACK=1
# Archive and pages: mount a volume that all workers share.
VOLUME /home/chitieu/data
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/health', timeout=5)"]
CMD ["prefect", "worker", "start", "--pool", "chitieu", "--with-healthcheck"]
