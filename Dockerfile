# First stage: every wheel of requirements.lock, each checked by its hash, then the monitor itself.
FROM python:3.13-slim-bookworm AS build
WORKDIR /src
COPY requirements.lock ./
RUN python -m pip download --no-cache-dir --quiet --require-hashes --only-binary :all: \
    --requirement requirements.lock --dest /wheels
COPY pyproject.toml README.md LICENSE ./
COPY config config
COPY monitor monitor
RUN python -m pip wheel --quiet --no-deps --no-index --find-links /wheels --wheel-dir /wheels . \
 && python -m venv --without-pip /opt/monitor \
 && python -m pip --python /opt/monitor/bin/python install --quiet --no-cache-dir --no-index --find-links /wheels \
    campaign-monitor

# Second stage: what runs, without anything that only builds or tests; Redis is a container of its own.
FROM python:3.13-slim-bookworm
RUN groupadd --gid 10001 monitor \
 && useradd --uid 10001 --gid monitor --home-dir /var/lib/monitor --no-create-home --shell /usr/sbin/nologin monitor \
 && install --directory --owner monitor --group monitor --mode 0700 /var/lib/monitor \
 && install --directory /config
COPY --from=build /opt/monitor /opt/monitor
ENV PATH=/opt/monitor/bin:$PATH \
    MONITOR_CONFIG=/config \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
USER monitor
WORKDIR /var/lib/monitor
VOLUME ["/config", "/var/lib/monitor"]
EXPOSE 8787
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=6s --start-period=60s --retries=3 \
  CMD ["python", "-m", "monitor.web.alive"]
ENTRYPOINT ["monitor"]
CMD ["run"]
