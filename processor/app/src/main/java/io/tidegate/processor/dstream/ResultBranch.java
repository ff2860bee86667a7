package io.tidegate.processor.dstream;

import io.tidegate.processor.aggregate.Partial;
import io.tidegate.processor.aggregate.StateSize;
import io.tidegate.processor.aggregate.counts.CountsSpec;
import io.tidegate.processor.aggregate.top.Ranking;
import io.tidegate.processor.aggregate.top.TopSpec;
import io.tidegate.processor.aggregate.windows.WindowPartial;
import io.tidegate.processor.aggregate.windows.WindowSpec;
import io.tidegate.processor.aggregate.windows.WindowValue;
import io.tidegate.processor.key.QueryKey;
import io.tidegate.processor.ledger.LedgerCounts;
import io.tidegate.processor.query.Query;
import io.tidegate.processor.query.QueryKind;
import io.tidegate.processor.result.Result;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.api.java.function.PairFunction;
import org.apache.spark.rdd.RDD;
import org.apache.spark.streaming.Time;
import org.apache.spark.streaming.dstream.DStream;
import scala.Tuple2;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/** A stream of the graph that has results, and how a batch of it becomes outputs. */
@SuppressWarnings("deprecation") // DStreams are deprecated upstream as a whole
interface ResultBranch<T> extends Serializable {

    /** What is computed before; Spark computes a batch of it once. */
    DStream<T> stream();

    /**
     * The outputs of a batch.
     *
     * @param zero the time before the first batch of all
     */
    JavaRDD<BatchOutput> outputs(RDD<T> batch, Time time, Time zero);

    private static <V> JavaPairRDD<QueryKey, V> pairs(RDD<Tuple2<QueryKey, V>> rdd) {
        ClassTag<V> any = ClassTag$.MODULE$.apply(Object.class);
        return JavaPairRDD.fromRDD(rdd, ClassTag$.MODULE$.apply(QueryKey.class), any);
    }

    /** Sessions, totals and ledgers: the state has made its outputs already. */
    record States(DStream<BatchOutput> stream) implements ResultBranch<BatchOutput> {
        @Override
        public JavaRDD<BatchOutput> outputs(RDD<BatchOutput> batch, Time time, Time zero) {
            return JavaRDD.fromRDD(batch, ClassTag$.MODULE$.apply(BatchOutput.class));
        }
    }

    /** Counts: the partial aggregates of the batch as they are. */
    record Counts(DStream<Tuple2<QueryKey, Partial>> stream, JobPlan plan)
            implements ResultBranch<Tuple2<QueryKey, Partial>> {
        @Override
        public JavaRDD<BatchOutput> outputs(RDD<Tuple2<QueryKey, Partial>> batch, Time time, Time zero) {
            return pairs(batch).map(new CountsOf(plan, time.milliseconds()));
        }
    }

    /** Window queries that share a window. */
    record Windows(DStream<Tuple2<QueryKey, WindowValue>> stream, JobPlan plan, List<Integer> members)
            implements ResultBranch<Tuple2<QueryKey, WindowValue>> {
        @Override
        public JavaRDD<BatchOutput> outputs(RDD<Tuple2<QueryKey, WindowValue>> batch, Time time, Time zero) {
            List<WindowSpec> specs = members.stream().map(this::spec).toList();
            return pairs(batch).flatMap(new WindowsOf(specs, time.milliseconds(), zero.milliseconds()));
        }

        private WindowSpec spec(int index) {
            Query query = plan.queries().get(index);
            QueryKind.Window kind = (QueryKind.Window) query.kind();
            return new WindowSpec(query.subject(), index, Set.copyOf(kind.compute()), kind.windowMs());
        }
    }

    /** One top query: a ranking per state group, and then one. */
    record Top(DStream<Tuple2<QueryKey, WindowValue>> stream, TopSpec spec)
            implements ResultBranch<Tuple2<QueryKey, WindowValue>> {
        static Top of(DStream<Tuple2<QueryKey, WindowValue>> stream, int index, Query query) {
            QueryKind.Top kind = (QueryKind.Top) query.kind();
            return new Top(stream, new TopSpec(query.subject(), index, kind.limit(), kind.windowMs()));
        }

        @Override
        public JavaRDD<BatchOutput> outputs(RDD<Tuple2<QueryKey, WindowValue>> batch, Time time, Time zero) {
            return pairs(batch)
                    .mapToPair(new RankingOf(spec))
                    .reduceByKey(Ranked::merge, 1)
                    .map(new TopOf(spec, time.milliseconds(), zero.milliseconds()));
        }
    }

    record CountsOf(JobPlan plan, long batchMs) implements Function<Tuple2<QueryKey, Partial>, BatchOutput> {
        @Override
        public BatchOutput call(Tuple2<QueryKey, Partial> pair) {
            if (!(pair._2 instanceof WindowPartial batch)) {
                return BatchOutput.of(pair._1, List.of());
            }
            Query query = plan.queries().get(pair._1.query());
            CountsSpec spec = new CountsSpec(query.subject(), pair._1.query());
            return BatchOutput.of(pair._1, spec.results(batch, batchMs));
        }
    }

    record WindowsOf(List<WindowSpec> specs, long endMs, long startedMs)
            implements FlatMapFunction<Tuple2<QueryKey, WindowValue>, BatchOutput> {
        @Override
        public Iterator<BatchOutput> call(Tuple2<QueryKey, WindowValue> pair) {
            return specs.stream().map(spec -> output(spec, pair)).iterator();
        }

        /** Under the query itself: keys of the window are those of all queries that share it. */
        private BatchOutput output(WindowSpec spec, Tuple2<QueryKey, WindowValue> pair) {
            return new BatchOutput(
                    new QueryKey(spec.query(), pair._1.stateGroup()),
                    spec.results(pair._2, endMs, startedMs),
                    LedgerCounts.NONE,
                    pair._2.stateSize(spec.query()));
        }
    }

    /** The ranking of some state groups, and how much they hold. */
    record Ranked(Ranking ranking, StateSize stateSize) implements Serializable {
        Ranked merge(Ranked other) {
            return new Ranked(ranking.merge(other.ranking), stateSize.plus(other.stateSize));
        }
    }

    record RankingOf(TopSpec spec) implements PairFunction<Tuple2<QueryKey, WindowValue>, QueryKey, Ranked> {
        @Override
        public Tuple2<QueryKey, Ranked> call(Tuple2<QueryKey, WindowValue> pair) {
            return new Tuple2<>(
                    new QueryKey(spec.query(), 0), new Ranked(spec.ranking(pair._2), pair._2.stateSize(spec.query())));
        }
    }

    record TopOf(TopSpec spec, long endMs, long startedMs) implements Function<Tuple2<QueryKey, Ranked>, BatchOutput> {
        @Override
        public BatchOutput call(Tuple2<QueryKey, Ranked> pair) {
            Result result = spec.result(pair._2.ranking(), endMs, startedMs);
            return new BatchOutput(pair._1, List.of(result), LedgerCounts.NONE, pair._2.stateSize());
        }
    }
}
