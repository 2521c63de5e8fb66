// Arrow Flight's Go client against a server: `hangar-go-client HOST PORT` prints a line of JSON a check.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/flight"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
)

const name = "go"

func main() {
	// No limit is set: messages above gRPC's own limit of 4 MiB are refused.
	client, err := flight.NewClientWithMiddleware(net.JoinHostPort(os.Args[1], os.Args[2]), nil, nil,
		grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		panic(err)
	}
	defer client.Close()
	report("put and get", putAndGet(client))
	report("list", list(client))
	report("info and schema", infoAndSchema(client))
	report("drop", drop(client))
	report("error of a missing dataset", missing(client))
	report("gets above 4 MiB", large(client))
	report("poll", poll(client))
	report("cancel", cancel(client))
}

func report(check string, err error) {
	message := ""
	if err != nil {
		message = err.Error()
	}
	line, _ := json.Marshal(map[string]string{"check": check, "error": message})
	fmt.Println(string(line))
}

func putAndGet(client flight.Client) error {
	record := sample()
	defer record.Release()
	if err := put(client, name, record, 1); err != nil {
		return err
	}
	return expectRecords(client, name, record, 1)
}

func list(client flight.Client) error {
	stream, err := client.ListFlights(context.Background(), &flight.Criteria{})
	if err != nil {
		return err
	}
	var names []string
	for {
		info, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return fmt.Errorf("not listed among %v", names)
		}
		if err != nil {
			return err
		}
		path := strings.Join(info.FlightDescriptor.Path, "/")
		if path == name {
			return nil
		}
		names = append(names, path)
	}
}

func infoAndSchema(client flight.Client) error {
	info, err := client.GetFlightInfo(context.Background(), path(name))
	if err != nil {
		return err
	}
	if info.TotalRecords != 3 {
		return fmt.Errorf("%d records", info.TotalRecords)
	}
	result, err := client.GetSchema(context.Background(), path(name))
	if err != nil {
		return err
	}
	for _, bytes := range [][]byte{info.Schema, result.Schema} {
		schema, err := flight.DeserializeSchema(bytes, memory.DefaultAllocator)
		if err != nil {
			return err
		}
		record := sample()
		defer record.Release()
		if !schema.Equal(record.Schema()) {
			return fmt.Errorf("another schema: %v", schema)
		}
	}
	return nil
}

func drop(client flight.Client) error {
	stream, err := client.DoAction(context.Background(), &flight.Action{Type: "drop_dataset", Body: []byte(name)})
	if err != nil {
		return err
	}
	for err == nil {
		_, err = stream.Recv()
	}
	if !errors.Is(err, io.EOF) {
		return err
	}
	_, err = client.GetFlightInfo(context.Background(), path(name))
	return expectNotFound(err)
}

func missing(client flight.Client) error {
	_, err := client.GetSchema(context.Background(), path("nowhere"))
	return expectNotFound(err)
}

// Puts 40 MB in records below gRPC's limit and gets them below it as well, however the server divides them.
func large(client flight.Client) error {
	builder := array.NewInt64Builder(memory.DefaultAllocator)
	for i := range int64(400_000) {
		builder.Append(i)
	}
	column := builder.NewArray()
	schema := arrow.NewSchema([]arrow.Field{{Name: "n", Type: arrow.PrimitiveTypes.Int64, Nullable: true}}, nil)
	record := array.NewRecordBatch(schema, []arrow.Array{column}, int64(column.Len()))
	defer record.Release()
	if err := put(client, "go-large", record, 12); err != nil {
		return err
	}
	return expectRecords(client, "go-large", record, 12)
}

func poll(client flight.Client) error {
	record := sample()
	defer record.Release()
	if err := put(client, name, record, 1); err != nil {
		return err
	}
	result, err := client.PollFlightInfo(context.Background(), path(name))
	if err != nil {
		return err
	}
	if result.FlightDescriptor != nil || result.Info.TotalRecords != 3 {
		return fmt.Errorf("not complete: %v", result)
	}
	return nil
}

// A stored dataset has nothing that could be cancelled: the server has no such action.
func cancel(client flight.Client) error {
	info, err := client.GetFlightInfo(context.Background(), path(name))
	if err != nil {
		return err
	}
	result, err := client.CancelFlightInfo(context.Background(), &flight.CancelFlightInfoRequest{Info: info})
	if status.Code(err) != codes.Unimplemented || !strings.Contains(err.Error(), "CancelFlightInfo") {
		return fmt.Errorf("result %v, error %v", result, err)
	}
	return nil
}

func sample() arrow.RecordBatch {
	schema := arrow.NewSchema([]arrow.Field{
		{Name: "n", Type: arrow.PrimitiveTypes.Int64, Nullable: true},
		{Name: "s", Type: arrow.BinaryTypes.String, Nullable: true},
	}, nil)
	builder := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer builder.Release()
	builder.Field(0).(*array.Int64Builder).AppendValues([]int64{1, 0, 3}, []bool{true, false, true})
	builder.Field(1).(*array.StringBuilder).AppendValues([]string{"a", "ß", ""}, []bool{true, true, false})
	return builder.NewRecordBatch()
}

func path(name string) *flight.FlightDescriptor {
	return &flight.FlightDescriptor{Type: flight.DescriptorPATH, Path: []string{name}}
}

func put(client flight.Client, name string, record arrow.RecordBatch, times int) error {
	stream, err := client.DoPut(context.Background())
	if err != nil {
		return err
	}
	writer := flight.NewRecordWriter(stream, ipc.WithSchema(record.Schema()))
	writer.SetFlightDescriptor(path(name))
	for range times {
		if err := writer.Write(record); err != nil {
			return err
		}
	}
	if err := writer.Close(); err != nil {
		return err
	}
	if err := stream.CloseSend(); err != nil {
		return err
	}
	for err == nil {
		_, err = stream.Recv()
	}
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// Expects the rows of a record, several times after each other, whatever the batches.
func expectRecords(client flight.Client, name string, record arrow.RecordBatch, times int) error {
	info, err := client.GetFlightInfo(context.Background(), path(name))
	if err != nil {
		return err
	}
	stream, err := client.DoGet(context.Background(), info.Endpoint[0].Ticket)
	if err != nil {
		return err
	}
	reader, err := flight.NewRecordReader(stream)
	if err != nil {
		return err
	}
	defer reader.Release()
	var actual []arrow.RecordBatch
	for reader.Next() {
		batch := reader.RecordBatch()
		batch.Retain()
		actual = append(actual, batch)
	}
	if reader.Err() != nil {
		return reader.Err()
	}
	var expected []arrow.RecordBatch
	for range times {
		expected = append(expected, record)
	}
	got := array.NewTableFromRecords(reader.Schema(), actual)
	wanted := array.NewTableFromRecords(record.Schema(), expected)
	if !got.Schema().Equal(wanted.Schema()) || got.NumRows() != wanted.NumRows() {
		return fmt.Errorf("%d rows of %v", got.NumRows(), got.Schema())
	}
	for i := range int(got.NumCols()) {
		if !array.ChunkedEqual(got.Column(i).Data(), wanted.Column(i).Data()) {
			return fmt.Errorf("column %s differs", got.Column(i).Name())
		}
	}
	return nil
}

func expectNotFound(err error) error {
	if status.Code(err) == codes.NotFound {
		return nil
	}
	return fmt.Errorf("not NotFound, but %v", err)
}
