// Arrow's example of a Flight SQL server, with the schemas of prepared queries: `hangar-go-sql -port PORT`.
//
// The example itself gives none, and Arrow's JDBC driver takes a query without a schema for an update.
package main

import (
	"context"
	"database/sql"
	"flag"
	"fmt"
	"log"
	"net"
	"strings"

	"github.com/apache/arrow-go/v18/arrow/flight"
	"github.com/apache/arrow-go/v18/arrow/flight/flightsql"
	"github.com/apache/arrow-go/v18/arrow/flight/flightsql/example"
)

type server struct {
	*example.SQLiteFlightSQLServer
	db *sql.DB
}

func (s *server) CreatePreparedStatement(ctx context.Context, request flightsql.ActionCreatePreparedStatementRequest) (flightsql.ActionCreatePreparedStatementResult, error) {
	result, err := s.SQLiteFlightSQLServer.CreatePreparedStatement(ctx, request)
	if err != nil || !strings.HasPrefix(request.GetQuery(), "SELECT") {
		return result, err
	}
	// SQLite tells the types of columns of a query that runs.
	rows, err := s.db.QueryContext(ctx, request.GetQuery())
	if err != nil {
		return result, err
	}
	reader, err := example.NewSqlBatchReader(s.Alloc, rows)
	if err != nil {
		return result, err
	}
	defer reader.Release()
	result.DatasetSchema = reader.Schema()
	return result, nil
}

func main() {
	port := flag.String("port", "0", "the port to listen on")
	flag.Parse()
	db, err := example.CreateDB()
	if err != nil {
		log.Fatal(err)
	}
	sqlite, err := example.NewSQLiteFlightSQLServer(db)
	if err != nil {
		log.Fatal(err)
	}
	grpc := flight.NewServerWithMiddleware(nil)
	grpc.RegisterFlightService(flightsql.NewFlightServer(&server{sqlite, db}))
	if err := grpc.Init(net.JoinHostPort("localhost", *port)); err != nil {
		log.Fatal(err)
	}
	fmt.Println("Serving at", grpc.Addr())
	log.Fatal(grpc.Serve())
}
