// The tolls of all incidents as they stand, kept in a JSON file.
//
//	go run . BROKERS tolls.json [TOPIC]
//
// The file holds the rows and the offsets, and is replaced in one step, so the program may be killed at any moment.
package main

import (
	"context"
	"encoding/json"
	"log"
	"os"
	"strings"

	"github.com/twmb/franz-go/pkg/kgo"
)

// Row is the toll of one incident. Closed: no more reports are joined to it, and what it says stays true.
type Row struct {
	Toll   json.RawMessage `json:"toll"`
	Closed bool            `json:"closed"`
}

// State is what the file holds.
type State struct {
	Rows    map[string]*Row   `json:"rows"`
	Merged  map[string]string `json:"merged"`
	Offsets map[int32]int64   `json:"offsets"`
}

func load(path string) *State {
	state := &State{Rows: map[string]*Row{}, Merged: map[string]string{}, Offsets: map[int32]int64{}}
	if found, err := os.ReadFile(path); err == nil {
		must(json.Unmarshal(found, state))
	}
	return state
}

func (state *State) save(path string) {
	written, err := json.Marshal(state)
	must(err)
	must(os.WriteFile(path+".new", written, 0o644))
	must(os.Rename(path+".new", path))
}

// apply writes, closes or deletes the row of one record.
func (state *State) apply(record *kgo.Record) {
	id := string(record.Key)
	headers := map[string]string{}
	for _, header := range record.Headers {
		headers[header.Key] = string(header.Value)
	}
	switch {
	case record.Value != nil:
		state.Rows[id] = &Row{Toll: record.Value}
		delete(state.Merged, id)
	case headers["tombstone"] == "merged" || headers["tombstone"] == "withdrawn":
		delete(state.Rows, id)
		if into := headers["merged-into"]; into != "" {
			state.Merged[id] = into
		}
	case state.Rows[id] != nil: // expired
		state.Rows[id].Closed = true
	}
	state.Offsets[record.Partition] = record.Offset + 1
}

func main() {
	brokers, path, topic := os.Args[1], os.Args[2], "incidents.tolls"
	if len(os.Args) > 3 {
		topic = os.Args[3]
	}
	state := load(path)
	client, err := kgo.NewClient(
		kgo.SeedBrokers(strings.Split(brokers, ",")...),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()),
		kgo.ConsumeTopics(topic),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
	)
	must(err)
	defer client.Close()
	for {
		fetches := client.PollFetches(context.Background())
		for _, failed := range fetches.Errors() {
			log.Printf("partition %d: %v", failed.Partition, failed.Err)
		}
		fetches.EachRecord(func(record *kgo.Record) {
			if record.Offset >= state.Offsets[record.Partition] { // the file may know it already
				state.apply(record)
			}
		})
		if fetches.NumRecords() > 0 {
			state.save(path)
		}
	}
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
