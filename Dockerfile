# One image for every role; compose.yaml says which one a container plays.
FROM python:3.12-slim

RUN useradd --create-home --uid 10001 timeline \
 && mkdir /inbox /data \
 && chown timeline /inbox /data

WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY timeline timeline
COPY workers workers
COPY templates templates
RUN pip install --no-cache-dir -c constraints.txt '.[postgres]' \
 && rm -rf /src/*

USER timeline
WORKDIR /data
ENV TIMELINE_INBOX=/inbox \
    TIMELINE_DATA=/data \
    PYTHONUNBUFFERED=1
ENTRYPOINT ["timeline"]
CMD ["--help"]
