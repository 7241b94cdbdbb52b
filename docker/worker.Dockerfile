# The worker with everything that grading needs. Build from the top of the repository: docker build -f docker/worker.Dockerfile .
# docs/DEPLOYMENT.md says what its sandbox needs of a container engine.

FROM node:24.21.0-bookworm-slim@sha256:d6aa754f16b3197301076f047b5def2f02ea1dbbc2ca920407d46d7ec7f87b20 AS manifests
WORKDIR /app
COPY . .
# Packages are installed again when a manifest changes, not whenever a source does.
RUN find . -type f ! -name package.json ! -name package-lock.json ! -name .npmrc -delete \
    && find . -mindepth 1 -type d -empty -delete

FROM node:24.21.0-bookworm-slim@sha256:d6aa754f16b3197301076f047b5def2f02ea1dbbc2ca920407d46d7ec7f87b20 AS build
WORKDIR /app
COPY --from=manifests /app ./
RUN npm ci --loglevel=error
COPY . .
RUN npm run build
# What only the API needs, and what only the build needed. The throwaway PostgreSQL stays: it is an npm package.
RUN npm prune --omit=dev --ignore-scripts \
    && node docker/unpack-swc.cjs \
    && rm -rf .nx apps/api libs/attacks libs/cost-model libs/estimate-export libs/testing migrations \
        node_modules/@nestjs/swagger node_modules/@nestjs/typeorm node_modules/swagger-ui-dist node_modules/typeorm \
        node_modules/dejavu-fonts-ttf node_modules/fontkit node_modules/pdfkit \
    && find apps libs -name '*.ts' -delete

FROM node:24.21.0-bookworm-slim@sha256:d6aa754f16b3197301076f047b5def2f02ea1dbbc2ca920407d46d7ec7f87b20 AS system
# Debian keeps only the newest version of a package within a release: an exact one here would stop building at its next security fix.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends bubblewrap python3 python3-venv redis-server tini \
    && rm -rf /var/lib/apt/lists/*

FROM system AS runtime
WORKDIR /app
COPY docker/prepare-runtime.cjs docker/
COPY --from=build /app/libs/sandbox libs/sandbox/
RUN node docker/prepare-runtime.cjs /opt/assay \
    && rm -rf /opt/assay/cache

FROM system
ENV NODE_ENV=production \
    ASSAY_HOME=/opt/assay \
    TASK_PACKS=/app/task-packs \
    HEALTH_PORT=3001
WORKDIR /app
COPY --from=runtime /opt/assay /opt/assay/
COPY --from=build /app ./
# "node" of the base image; as a number, so that an orchestrator can see that it is not root.
USER 1000:1000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["node", "docker/health.mjs", "http://127.0.0.1:3001/health/ready"]
# Sandboxes and the throwaway PostgreSQL leave orphans when something is killed; tini reaps them.
ENTRYPOINT ["tini", "--"]
CMD ["node", "apps/worker/dist/main.js"]
