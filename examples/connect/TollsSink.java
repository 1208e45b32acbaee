// The tolls of all incidents as they stand, in tables of a database with JDBC (SQLite, PostgreSQL), by Kafka Connect.
//
// A JDBC sink that takes each record without a value for a deletion is wrong here: the header `tombstone` says whether the
// row goes, or stays and is final (docs/consumers.md).
//
//   javac -cp 'KAFKA/libs/*' -d classes TollsSink.java
//   mkdir -p classes/META-INF/services plugins/tolls
//   echo TollsSink > classes/META-INF/services/org.apache.kafka.connect.sink.SinkConnector
//   jar cf plugins/tolls/tolls.jar -C classes .     # and the JDBC driver's jar beside it
//   KAFKA/bin/connect-standalone.sh worker.properties tolls.properties
//
// Connect commits offsets after the rows, so that after a crash some records come again. That changes nothing: the last
// record of an incident decides.

import java.sql.Connection;
import java.sql.Driver;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.ServiceLoader;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.sink.SinkConnector;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;

public class TollsSink extends SinkConnector {
  static final String URL = "connection.url";
  static final ConfigDef CONFIG =
      new ConfigDef().define(URL, ConfigDef.Type.STRING, ConfigDef.Importance.HIGH, "Address of the database, jdbc:...");

  private Map<String, String> settings;

  @Override
  public String version() {
    return "1";
  }

  @Override
  public ConfigDef config() {
    return CONFIG;
  }

  @Override
  public void start(Map<String, String> settings) {
    this.settings = settings;
  }

  @Override
  public Class<? extends Task> taskClass() {
    return Writer.class;
  }

  @Override
  public List<Map<String, String>> taskConfigs(int most) {
    return Collections.nCopies(most, settings);
  }

  @Override
  public void stop() {}

  /** Writes, closes and deletes rows; each batch is one transaction. */
  public static class Writer extends SinkTask {
    static final List<String> TABLES =
        List.of(
            "create table if not exists tolls (incident_id text primary key, place text, country text, cause text, "
                + "closed boolean not null)",
            "create table if not exists figures (incident_id text, kind text, low bigint not null, high bigint, "
                + "primary key (incident_id, kind))",
            "create table if not exists merged (incident_id text primary key, into_incident text not null)");

    private Connection database;

    @Override
    public String version() {
      return "1";
    }

    @Override
    public void start(Map<String, String> settings) {
      try {
        database = connected(settings.get(URL));
        for (String table : TABLES) {
          run(table);
        }
        database.setAutoCommit(false);
      } catch (SQLException failed) {
        throw new ConnectException(failed);
      }
    }

    /** A connection by a driver that lies beside this class: Connect keeps plugins apart, and DriverManager sees none. */
    private static Connection connected(String url) throws SQLException {
      for (Driver driver : ServiceLoader.load(Driver.class, TollsSink.class.getClassLoader())) {
        if (driver.acceptsURL(url)) {
          return driver.connect(url, new Properties());
        }
      }
      throw new ConnectException("no JDBC driver for " + url + " lies beside the plugin");
    }

    @Override
    public void put(Collection<SinkRecord> records) {
      try {
        for (SinkRecord record : records) {
          take(record);
        }
        database.commit();
      } catch (SQLException failed) {
        undo();
        throw new RetriableException(failed); // Connect gives the same records again
      }
    }

    private void take(SinkRecord record) throws SQLException {
      String incident = (String) record.key();
      if (record.value() != null) {
        delete(incident);
        write(incident, map(record.value()));
        return;
      }
      switch (text(record, "tombstone")) {
        case "merged" -> {
          delete(incident);
          run("insert into merged values (?, ?)", incident, text(record, "merged-into"));
        }
        case "withdrawn" -> delete(incident);
        default -> run("update tolls set closed = true where incident_id = ?", incident); // expired, or unknown
      }
    }

    private void delete(String incident) throws SQLException {
      for (String table : List.of("tolls", "figures", "merged")) {
        run("delete from " + table + " where incident_id = ?", incident);
      }
    }

    private void write(String incident, Map<?, ?> event) throws SQLException {
      Map<?, ?> place = map(event.get("place"));
      run(
          "insert into tolls values (?, ?, ?, ?, false)",
          incident, place.get("name"), place.get("country_code"), event.get("cause"));
      for (Map.Entry<?, ?> entry : map(event.get("toll")).entrySet()) {
        Map<?, ?> bounds = map(entry.getValue()); // high is null where no ceiling is told
        run("insert into figures values (?, ?, ?, ?)", incident, entry.getKey(), bounds.get("low"), bounds.get("high"));
      }
    }

    private static Map<?, ?> map(Object value) {
      return value == null ? Map.of() : (Map<?, ?>) value;
    }

    private static String text(SinkRecord record, String name) {
      Header header = record.headers().lastWithName(name);
      return header == null || header.value() == null ? "" : header.value().toString();
    }

    private void run(String statement, Object... values) throws SQLException {
      try (PreparedStatement prepared = database.prepareStatement(statement)) {
        for (int place = 0; place < values.length; place++) {
          prepared.setObject(place + 1, values[place]);
        }
        prepared.execute();
      }
    }

    private void undo() {
      try {
        database.rollback();
      } catch (SQLException lost) {
        throw new ConnectException(lost); // the connection is gone: restart the task
      }
    }

    @Override
    public void stop() {
      try {
        if (database != null) {
          database.close();
        }
      } catch (SQLException ignored) {
        // it is closed
      }
    }
  }
}
