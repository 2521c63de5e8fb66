# syntax=docker/dockerfile:1
# Hangar in a container: docs/operations.md shows how to run it.
FROM node:24-bookworm-slim

# The package to install: a version at npm, or a file that `npm pack` has made in the build's context, which is
# /package/hangar-VERSION.tgz here. COPY needs one file that exists.
ARG PACKAGE=hangar@0.2.0
COPY Dockerfile hangar-*.tgz /package/
RUN --mount=type=cache,target=/root/.npm npm install --global --omit=dev --no-audit --no-fund "$PACKAGE"
RUN install --directory --owner=node --group=node --mode=0700 /data

# The compiled code would be kept in the home folder, which is read-only.
ENV NODE_ENV=production NODE_DISABLE_COMPILE_CACHE=1 HANGAR_HOST=0.0.0.0 HANGAR_REPO=/data
USER node
VOLUME /data
EXPOSE 8815
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
  CMD ["node", "--eval", "fetch('http://127.0.0.1:8815/healthz').then(({ ok }) => process.exit(ok ? 0 : 1))"]
ENTRYPOINT ["hangar"]
CMD ["serve"]
