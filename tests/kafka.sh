# shellcheck shell=sh
# Kafka for the tests of examples/kafka: librdkafka's mock cluster, and two hosts
# that read at once. Comes behind tests/lib.sh.
#
#	cluster_start             a cluster of three brokers; sets
#	                          SAP_OMETRIA_BROKERS
#	cluster_stop              kills it; it ends with the test, too
#	hosts_read                $T/a/in and $T/b/in into the topic, both at once,
#	                          each by its own produce; what they said is in
#	                          a.said and b.said, their exit codes in a.code
#	                          and b.code
#	host_reads HOST           the same with one of them
#	topic_fold STATE [ARG...] the topic into a state; ARGs for the folding line

cluster_start() {
	command -v kcat >/dev/null || skip_all 'kcat is not installed'
	# A producer that is given nothing: the cluster lives as long as it does.
	mkfifo "$T/hold"
	kcat -P -q -b none:1 -t none -X test.mock.num.brokers=3 -d mock \
	    <"$T/hold" >"$T/mock.log" 2>&1 &
	cluster=$!
	exec 8>"$T/hold"
	wait_for grep -q ' bootstrap.servers=[0-9.:,]*$' "$T/mock.log"
	SAP_OMETRIA_BROKERS=$(sed -n \
	    's/.* bootstrap.servers=\([0-9.:,]*\)$/\1/p' "$T/mock.log" |
	    head -n 1)
	export SAP_OMETRIA_BROKERS
	like "$SAP_OMETRIA_BROKERS" '^127' 'a cluster of three brokers'
}

cluster_stop() {
	kill -KILL "$cluster"
	wait "$cluster" 2>"$T/killed"
	exec 8>&-
}

host_reads() {
	SAP_OMETRIA_INBOX=$T/$1/in SAP_OMETRIA_ARCHIVE=$T/$1/done \
	    "$ROOT/examples/kafka/produce" >"$T/$1.said" 2>&1
	echo $? >"$T/$1.code"
}

hosts_read() {
	host_reads a &
	host_reads b
	wait $!
}

topic_fold() {
	topic_state=$1
	shift
	SAP_OMETRIA_STATE=$topic_state "$ROOT/examples/kafka/fold" \
	    --api-key-file "$T/key" "$@"
}
