# prometheus.sh - a Prometheus on 127.0.0.1 for a test, after lib.sh: source it, call prometheus_start FOLDER-WITH-BLOCKS.
# Sets $url and $server (its pid, ended with prometheus_stop or at the end of the test); says why and returns 1 when it does not come up.
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$T"' EXIT
# A proxy of the environment is not asked, nor anything else but this machine.
unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY all_proxy ALL_PROXY
export no_proxy=127.0.0.1

prometheus_stop() { kill "$server" 2>/dev/null; wait "$server" 2>/dev/null; server=; }

prometheus_start() {
	echo 'scrape_configs: []' >"$T/prometheus.yml"
	_try=0
	while [ $_try -lt 5 ]; do # somebody may take the port between asking for a free one and using it
		_try=$((_try + 1))
		_port=$(perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(LocalAddr => "127.0.0.1", Listen => 1)->sockport')
		url=http://127.0.0.1:$_port
		timeout 1800 prometheus --config.file="$T/prometheus.yml" --storage.tsdb.path="$1" --log.level=warn \
			--storage.tsdb.retention.time=100y --web.listen-address="127.0.0.1:$_port" >"$T/prometheus.log" 2>&1 &
		server=$!
		_i=0
		while kill -0 "$server" 2>/dev/null && [ $_i -lt 600 ]; do
			soak_query -q -d "$url" --timeout 2s 1 >/dev/null 2>&1 && return 0
			sleep 0.1; _i=$((_i + 1))
		done
		prometheus_stop
	done
	sed 's/^/# /' "$T/prometheus.log" | tail -5
	return 1
}
