package io.sparkspann.spark.sql;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.format.Manifest;
import io.sparkspann.search.SearchOptions;
import io.sparkspann.spark.join.RowJoin;
import io.sparkspann.spark.source.IndexedTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.RuntimeConfig;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.EqualTo;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression$;
import org.apache.spark.sql.catalyst.plans.Inner$;
import org.apache.spark.sql.catalyst.plans.LeftOuter$;
import org.apache.spark.sql.catalyst.plans.NearestByDistance$;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.JoinHint;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.NearestByJoin;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;
import scala.runtime.AbstractPartialFunction;

/**
 * Turns joins with {@code APPROX NEAREST} into joins with an index and with the table beside it,
 * where there is an index for them; says in the log why not where there is a table of one.
 */
public final class NearestByRule extends Rule<LogicalPlan> {
    /** Setting: the recall that joins shall reach on average. */
    public static final String RECALL_TARGET_KEY = "spark.spann.recallTarget";

    /** Setting: postings that each query reads at most, in the place of a recall target. */
    public static final String PROBES_KEY = "spark.spann.probes";

    private static final Logger LOG = LoggerFactory.getLogger(NearestByRule.class);

    private static final Metadata OWN = new MetadataBuilder().putBoolean("spann", true).build();

    private final SparkSession session;

    /**
     * @param session for which it is made
     */
    public NearestByRule(SparkSession session) {
        this.session = session;
    }

    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        Tables tables = new Tables(session, plan);
        return plan.resolveOperatorsUp(
                new AbstractPartialFunction<LogicalPlan, LogicalPlan>() {
                    @Override
                    public boolean isDefinedAt(LogicalPlan node) {
                        // Spark has a message of its own for streams.
                        return node instanceof NearestByJoin join
                                && join.approx()
                                && join.resolved()
                                && !join.isStreaming();
                    }

                    @Override
                    public LogicalPlan apply(LogicalPlan node) {
                        return onIndex((NearestByJoin) node, tables).orElse(node);
                    }
                });
    }

    /** The join on an index; empty if there is none for it. */
    private Optional<LogicalPlan> onIndex(NearestByJoin join, Tables tables) {
        Optional<RightSide> right = RightSide.of(join.right(), tables);
        if (right.isEmpty()) {
            tables.anyIndexed(join.right())
                    .ifPresent(
                            table ->
                                    declined(
                                            table,
                                            "what is joined is neither the table nor rows of it"
                                                    + " that a filter leaves"));
            return Optional.empty();
        }
        try {
            return onIndex(join, right.get());
        } catch (InvalidInputException e) {
            return declined(right.get(), e.getMessage());
        }
    }

    private static Optional<LogicalPlan> declined(RightSide right, String reason) {
        return declined(right.table(), reason);
    }

    private static Optional<LogicalPlan> declined(IndexedTable table, String reason) {
        LOG.warn("{} is joined by brute force: {}", table, reason);
        return Optional.empty();
    }

    private Optional<LogicalPlan> onIndex(NearestByJoin join, RightSide right) {
        IndexedTable table = right.table();
        Manifest manifest = table.manifest();
        Optional<Expressions.Ranking> ranking = Expressions.ranking(join.rankingExpression());
        boolean distance = join.direction().equals(NearestByDistance$.MODULE$);
        if (ranking.isEmpty() || ranking.get().similarity() == distance) {
            return declined(right, "no index ranks by " + join.rankingExpression().sql());
        }
        if (ranking.get().metric() != manifest.schema().metric()) {
            return declined(
                    right,
                    "the metric of the index is "
                            + manifest.schema().metric().label()
                            + ", not "
                            + ranking.get().metric().label());
        }
        Optional<Expression> query = query(join, ranking.get(), right);
        if (query.isEmpty()) {
            return declined(
                    right, "its ranking is none of a query's vector and the indexed column");
        }
        boolean outer = join.joinType().equals(LeftOuter$.MODULE$);
        if (!outer && !join.joinType().equals(Inner$.MODULE$)) {
            return declined(right, "the join is neither inner nor left outer");
        }
        SearchOptions search = search(join.numResults());
        // Refuses what the index was not calibrated for.
        search.policy(manifest);
        IndexJoin index = new IndexJoin(table.indexUri(), manifest, search, outer);
        return Optional.of(plan(join, right, query.get(), index));
    }

    /** The side of the ranking that is the query's, if the other one is the indexed column. */
    private static Optional<Expression> query(
            NearestByJoin join, Expressions.Ranking ranking, RightSide right) {
        Expression query;
        if (Expressions.isVector(ranking.right(), right.vector())) {
            query = ranking.left();
        } else if (Expressions.isVector(ranking.left(), right.vector())) {
            query = ranking.right();
        } else {
            return Optional.empty();
        }
        boolean ofLeft = query.references().subsetOf(join.left().outputSet());
        return ofLeft && query.deterministic() ? Optional.of(query) : Optional.empty();
    }

    private SearchOptions search(int k) {
        // Not what holds for the analysis alone: in a view, Spark leaves our settings out there.
        RuntimeConfig conf = session.conf();
        String probes = conf.get(PROBES_KEY, "");
        String target =
                conf.get(RECALL_TARGET_KEY, Double.toString(SearchOptions.DEFAULT_RECALL_TARGET));
        try {
            return probes.isEmpty()
                    ? SearchOptions.ofRecall(k, Double.parseDouble(target))
                    : SearchOptions.ofProbes(k, Integer.parseInt(probes), Double.POSITIVE_INFINITY);
        } catch (NumberFormatException e) {
            throw new InvalidInputException(
                    (probes.isEmpty() ? RECALL_TARGET_KEY : PROBES_KEY)
                            + " is '"
                            + (probes.isEmpty() ? target : probes)
                            + "', which is no number",
                    e);
        }
    }

    private static LogicalPlan plan(
            NearestByJoin join, RightSide right, Expression query, IndexJoin index) {
        List<NamedExpression> columns = new ArrayList<>(Plans.list(join.left().output()));
        Alias vector = alias(query, "vector");
        columns.add(vector);
        LogicalPlan queries = new Project(Plans.seq(columns), join.left());
        DataType type = RowJoin.idType(index.manifest());
        Expression id =
                right.id().dataType().equals(type)
                        ? right.id()
                        : new Cast(right.id(), type, Option.empty());
        Attribute neighborId =
                new AttributeReference(
                        "neighbor_id",
                        type,
                        index.outer(),
                        Metadata.empty(),
                        NamedExpression$.MODULE$.newExprId(),
                        Plans.none());
        List<LogicalPlan> candidates = right.filtered() ? candidates(right, id) : List.of();
        List<Attribute> candidateColumns =
                candidates.stream().flatMap(plan -> Plans.list(plan.output()).stream()).toList();
        LogicalPlan found =
                new IndexJoinPlan(
                        queries,
                        vector.toAttribute(),
                        neighborId,
                        Plans.seq(candidates),
                        Plans.seq(candidateColumns),
                        index);
        LogicalPlan joined =
                new Join(
                        found,
                        right.plan(),
                        join.joinType(),
                        Option.apply(new EqualTo(neighborId, id)),
                        JoinHint.NONE());
        List<NamedExpression> output = new ArrayList<>(Plans.list(join.output()));
        return new Project(Plans.seq(output), joined);
    }

    /**
     * The rows of the right side: their ids, and ids and vectors. They are columns of their own, so
     * that Spark can tell the same table in several places apart.
     */
    private static List<LogicalPlan> candidates(RightSide right, Expression id) {
        Alias first = alias(id, "id");
        Alias second = alias(id, "id");
        Alias vector = alias(right.vector(), "vector");
        return List.of(
                new Project(Plans.one(first), right.plan()),
                new Project(Plans.seq(List.of(second, vector)), right.plan()));
    }

    /**
     * A column of its own even where it has name and content of another one: Spark takes such
     * columns for one, unless they are described in different ways.
     */
    private static Alias alias(Expression expression, String name) {
        return new Alias(
                expression,
                name,
                NamedExpression$.MODULE$.newExprId(),
                Plans.none(),
                Option.apply(OWN),
                Plans.none());
    }
}
