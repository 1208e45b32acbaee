// franz-go: `produce|commit|abort BROKERS TOPIC CODEC` or `consume BROKERS TOPIC COUNT`.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

type record struct {
	Key       []byte      `json:"key"`
	Value     []byte      `json:"value"`
	Named     [][]*string `json:"headers"`
	Timestamp *int64      `json:"timestamp,omitempty"`
}

func main() {
	how, brokers, topic, last := os.Args[1], strings.Split(os.Args[2], ","), os.Args[3], os.Args[4]
	if how == "consume" {
		consume(brokers, topic, last)
		return
	}
	produce(how, brokers, topic, last)
}

func produce(how string, brokers []string, topic, codec string) {
	codecs := map[string]kgo.CompressionCodec{
		"none": kgo.NoCompression(), "gzip": kgo.GzipCompression(), "snappy": kgo.SnappyCompression(),
		"lz4": kgo.Lz4Compression(), "zstd": kgo.ZstdCompression(),
	}
	options := []kgo.Opt{kgo.SeedBrokers(brokers...), kgo.DefaultProduceTopic(topic), kgo.ProducerBatchCompression(codecs[codec])}
	if how != "produce" {
		options = append(options, kgo.TransactionalID(fmt.Sprintf("t-%d", time.Now().UnixNano())))
	}
	client, err := kgo.NewClient(options...)
	must(err)
	defer client.Close()
	if how != "produce" {
		must(client.BeginTransaction())
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var given record
		must(json.Unmarshal(lines.Bytes(), &given))
		sent := &kgo.Record{Key: given.Key, Value: given.Value}
		for _, header := range given.Named {
			var value []byte
			must(json.Unmarshal([]byte(strconv.Quote(*header[1])), &value))
			sent.Headers = append(sent.Headers, kgo.RecordHeader{Key: *header[0], Value: value})
		}
		if given.Timestamp != nil {
			sent.Timestamp = time.UnixMilli(*given.Timestamp)
		}
		must(client.ProduceSync(context.Background(), sent).FirstErr())
	}
	if how != "produce" {
		must(client.EndTransaction(context.Background(), kgo.TransactionEndTry(how == "commit")))
	}
}

func consume(brokers []string, topic, count string) {
	left, err := strconv.Atoi(count)
	must(err)
	client, err := kgo.NewClient(
		kgo.SeedBrokers(brokers...), kgo.ConsumeTopics(topic), kgo.FetchIsolationLevel(kgo.ReadCommitted()),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
	)
	must(err)
	defer client.Close()
	out := json.NewEncoder(os.Stdout)
	for left > 0 {
		client.PollFetches(context.Background()).EachRecord(func(found *kgo.Record) {
			headers := [][2]any{}
			for _, header := range found.Headers {
				headers = append(headers, [2]any{header.Key, header.Value})
			}
			must(out.Encode(map[string]any{"key": found.Key, "value": found.Value, "headers": headers}))
			left--
		})
	}
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
