# The console is built where its tools are; what runs has neither them nor the console's sources.
FROM node:24-bookworm-slim AS console
WORKDIR /app
COPY package.json package-lock.json ./
# Without install scripts: `prepare` would build the console before its sources are here.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY src/contract ./src/contract
COPY console ./console
RUN npm run build:console

FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# Optional packages are the native parts of libraries, and other Nodes for machines with an older one: of those this image
# needs none.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund && rm -rf node_modules/node-linux-* node_modules/node-win-*

FROM node:24-bookworm-slim
# As process 1, Node would neither collect the children of `docker exec` nor die of a signal before it listens to it.
RUN apt-get update && apt-get install --yes --no-install-recommends tini && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8000 DATABASE_URL=sqlite:/data/leadgate.db
WORKDIR /app
COPY package.json mikro-orm.config.ts ./
COPY scripts/check-node.mjs ./scripts/
COPY --from=packages /app/node_modules ./node_modules
COPY --from=console /app/dist ./dist
COPY src ./src
# The number of the user `node`: an orchestrator can tell by it, without a look into the image, that this is not root.
RUN mkdir -p /data && chown 1000:1000 /data
USER 1000:1000
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
# Whether the process lives. A database that is away is told by /readyz: another container would not bring it back.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["tini", "--"]
# As `npm start` has its memory kept; the compile cache is for a folder that can be written.
CMD ["node", "--max-semi-space-size=8", "--no-allocation-site-pretenuring", "src/main.ts"]
