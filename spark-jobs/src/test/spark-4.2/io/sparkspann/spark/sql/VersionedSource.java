package io.sparkspann.spark.sql;

import java.util.Map;
import java.util.Set;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SQLContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.catalog.CatalogV2Util;
import org.apache.spark.sql.connector.catalog.Column;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.connector.read.V1Scan;
import org.apache.spark.sql.sources.BaseRelation;
import org.apache.spark.sql.sources.TableScan;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/** Parquet files as a table that says which version of itself it is: options path and version. */
public final class VersionedSource implements TableProvider {
    @Override
    public StructType inferSchema(CaseInsensitiveStringMap options) {
        return SparkSession.active().read().parquet(options.get("path")).schema();
    }

    @Override
    public Table getTable(StructType schema, Transform[] parts, Map<String, String> properties) {
        return new Versioned(schema, properties.get("path"), properties.get("version"));
    }

    private record Versioned(StructType rowType, String name, String version)
            implements SupportsRead {
        @Override
        public Column[] columns() {
            return CatalogV2Util.structTypeToV2Columns(rowType, false);
        }

        @Override
        public Set<TableCapability> capabilities() {
            return Set.of(TableCapability.BATCH_READ);
        }

        @Override
        public ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
            return () -> scan();
        }

        private Scan scan() {
            return new V1Scan() {
                @Override
                public StructType readSchema() {
                    return rowType;
                }

                @Override
                @SuppressWarnings("unchecked") // The signature has a type of the caller's choice.
                public <T extends BaseRelation & TableScan> T toV1TableScan(SQLContext context) {
                    return (T) new Files(rowType, name);
                }
            };
        }
    }

    private static final class Files extends BaseRelation implements TableScan {
        private final StructType schema;
        private final String path;

        Files(StructType schema, String path) {
            this.schema = schema;
            this.path = path;
        }

        @Override
        public SQLContext sqlContext() {
            return SparkSession.active().sqlContext();
        }

        @Override
        public StructType schema() {
            return schema;
        }

        @Override
        public RDD<Row> buildScan() {
            return SparkSession.active().read().parquet(path).rdd();
        }
    }
}
