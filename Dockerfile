# syntax=docker/dockerfile:1
# One image for web, worker and beat. Built in three steps so that neither Node nor a compiler is in what runs.

FROM node:22-bookworm-slim AS front
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY assets assets
COPY static static
RUN node assets/build.mjs

FROM python:3.13-slim-bookworm AS build
WORKDIR /src
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH
COPY requirements/production.txt requirements/production.txt
RUN pip install --no-cache-dir --require-hashes -r requirements/production.txt
COPY requirements/embedded.txt requirements/embedded.txt
COPY assets/fonts.py assets/fonts.py
COPY --from=front /src/static static
COPY --from=front /src/node_modules/@fontsource node_modules/@fontsource
# The fonts of the PDF are made once, here, with a tool that what runs does not need.
RUN python -m venv /tools && /tools/bin/pip install --no-cache-dir --require-hashes -r requirements/embedded.txt \
    && /tools/bin/python assets/fonts.py

FROM python:3.13-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /app throughline && mkdir -p /data && chown throughline /data
WORKDIR /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    THROUGHLINE_ENV=production THROUGHLINE_DATA=/data STATIC_ROOT=/app/static-collected
COPY --from=build /venv /venv
COPY manage.py ./
COPY config config
COPY partnerships partnerships
COPY people people
COPY outcomes outcomes
COPY learning learning
COPY reports reports
COPY templates templates
COPY --from=build /src/static static
# Collecting files needs settings that start, not the settings of a real place.
RUN SECRET_KEY=$(python -c "import secrets; print(secrets.token_urlsafe(60))") DATABASE_URL=postgres://none/none \
    REDIS_URL=redis://none THROUGHLINE_BASE_URL=https://build.invalid ALLOWED_HOSTS=build.invalid \
    python manage.py collectstatic --noinput
USER throughline
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=40s --retries=4 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["granian", "--interface", "wsgi", "config.wsgi:application", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--respawn-failed-workers"]
