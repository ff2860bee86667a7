package io.tidegate.processor.dstream;

import io.tidegate.processor.aggregate.Partial;
import io.tidegate.processor.aggregate.StateSize;
import io.tidegate.processor.aggregate.counts.CountsAggregation;
import io.tidegate.processor.aggregate.top.Ranking;
import io.tidegate.processor.aggregate.top.TopAggregation;
import io.tidegate.processor.aggregate.windows.WindowAggregation;
import io.tidegate.processor.aggregate.windows.WindowPartial;
import io.tidegate.processor.aggregate.windows.WindowValue;
import io.tidegate.processor.key.QueryKey;
import io.tidegate.processor.ledger.LedgerCounts;
import io.tidegate.processor.result.Result;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
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
    record Counts(DStream<Tuple2<QueryKey, Partial>> stream, List<CountsAggregation> queries)
            implements ResultBranch<Tuple2<QueryKey, Partial>> {
        @Override
        public JavaRDD<BatchOutput> outputs(RDD<Tuple2<QueryKey, Partial>> batch, Time time, Time zero) {
            return pairs(batch).map(new CountsOf(queries, time.milliseconds()));
        }
    }

    /** Window queries that share a window. */
    record Windows(DStream<Tuple2<QueryKey, WindowValue>> stream, List<WindowAggregation> queries)
            implements ResultBranch<Tuple2<QueryKey, WindowValue>> {
        @Override
        public JavaRDD<BatchOutput> outputs(RDD<Tuple2<QueryKey, WindowValue>> batch, Time time, Time zero) {
            return pairs(batch).flatMap(new WindowsOf(queries, time.milliseconds(), zero.milliseconds()));
        }
    }

    /** One top query: a ranking per state group, and then one. */
    record Top(DStream<Tuple2<QueryKey, WindowValue>> stream, TopAggregation query)
            implements ResultBranch<Tuple2<QueryKey, WindowValue>> {
        @Override
        public JavaRDD<BatchOutput> outputs(RDD<Tuple2<QueryKey, WindowValue>> batch, Time time, Time zero) {
            return pairs(batch)
                    .mapToPair(new RankingOf(query))
                    .reduceByKey(Ranked::merge, 1)
                    .map(new TopOf(query, time.milliseconds(), zero.milliseconds()));
        }
    }

    record CountsOf(List<CountsAggregation> queries, long batchMs)
            implements Function<Tuple2<QueryKey, Partial>, BatchOutput> {
        @Override
        public BatchOutput call(Tuple2<QueryKey, Partial> pair) {
            List<Result> results = new ArrayList<>();
            if (pair._2 instanceof WindowPartial batch) {
                queries.stream()
                        .filter(query -> query.query() == pair._1.query())
                        .forEach(query -> results.addAll(query.results(batch, batchMs)));
            }
            return new BatchOutput(pair._1, results, LedgerCounts.NONE, StateSize.NONE);
        }
    }

    record WindowsOf(List<WindowAggregation> queries, long endMs, long startedMs)
            implements FlatMapFunction<Tuple2<QueryKey, WindowValue>, BatchOutput> {
        @Override
        public Iterator<BatchOutput> call(Tuple2<QueryKey, WindowValue> pair) {
            return queries.stream().map(query -> output(query, pair)).iterator();
        }

        /** Under the query itself: keys of the window are those of all queries that share it. */
        private BatchOutput output(WindowAggregation query, Tuple2<QueryKey, WindowValue> pair) {
            return new BatchOutput(
                    new QueryKey(query.query(), pair._1.stateGroup()),
                    query.results(pair._2, endMs, startedMs),
                    LedgerCounts.NONE,
                    pair._2.stateSize(query.query()));
        }
    }

    /** The ranking of some state groups, and how much they hold. */
    record Ranked(Ranking ranking, StateSize stateSize) implements Serializable {
        Ranked merge(Ranked other) {
            return new Ranked(ranking.merge(other.ranking), stateSize.plus(other.stateSize));
        }
    }

    record RankingOf(TopAggregation query) implements PairFunction<Tuple2<QueryKey, WindowValue>, QueryKey, Ranked> {
        @Override
        public Tuple2<QueryKey, Ranked> call(Tuple2<QueryKey, WindowValue> pair) {
            return new Tuple2<>(
                    new QueryKey(query.query(), 0),
                    new Ranked(query.ranking(pair._2), pair._2.stateSize(query.query())));
        }
    }

    record TopOf(TopAggregation query, long endMs, long startedMs)
            implements Function<Tuple2<QueryKey, Ranked>, BatchOutput> {
        @Override
        public BatchOutput call(Tuple2<QueryKey, Ranked> pair) {
            Result result = query.result(pair._2.ranking(), endMs, startedMs);
            return new BatchOutput(pair._1, List.of(result), LedgerCounts.NONE, pair._2.stateSize());
        }
    }
}
