# RepLK Lab with JupyterLab and MLflow, built from a checkout: docs/install.md says how to start it.
FROM eclipse-temurin:25-jdk-noble AS build
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends git \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /checkout
COPY . .
RUN ./lab package --output /packed \
    && mkdir /unpacked \
    && tar -xzf /packed/*.tar.gz -C /unpacked --strip-components=1

FROM python:3.11-slim-bookworm
# Fonts for charts. The pages listen on 127.0.0.1 alone, which a published port does not reach: socat listens for them.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends fontconfig fonts-dejavu-core socat \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 1000 lab \
    && install --directory --owner=1000 --group=1000 /home/lab/replk-lab
USER 1000:1000
WORKDIR /home/lab/replk-lab
COPY --from=build --chown=1000:1000 /unpacked .
# How fast the machine convolves is measured where it runs, not where the image is built.
RUN ./lab setup && rm .lab/depthwise-costs.txt && mkdir my-notebooks && mkdir -m 700 mlruns
EXPOSE 8888 5000
CMD ["bash", "-c", "for port in 8888 5000; do socat TCP-LISTEN:$port,bind=$(hostname -i),fork,reuseaddr TCP:127.0.0.1:$port & done; exec ./lab notebook --no-browser --port 8888"]
