package io.tidegate.processor.dstream;

import java.util.List;
import org.apache.spark.streaming.Duration;
import org.apache.spark.streaming.dstream.DStream;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;

/**
 * A stream of our own that is made of others.
 *
 * @param <T> its elements
 */
@SuppressWarnings("deprecation") // DStreams are deprecated upstream as a whole
abstract class DerivedDStream<T> extends DStream<T> {
    private static final long serialVersionUID = 1;

    private final Duration slide;
    private final List<DStream<?>> parents;

    /**
     * Made of these.
     *
     * @param slide the time between two of its RDDs
     * @param parents one at least
     */
    DerivedDStream(Duration slide, List<? extends DStream<?>> parents, Class<?> elements) {
        super(parents.get(0).ssc(), ClassTag$.MODULE$.apply(elements));
        this.slide = slide;
        this.parents = List.copyOf(parents);
    }

    /** Spark tells much about every stream, under the stream's own name: it belongs to Spark's log level. */
    @Override
    public String logName() {
        return DStream.class.getName();
    }

    @Override
    public Duration slideDuration() {
        return slide;
    }

    @Override
    public scala.collection.immutable.List<DStream<?>> dependencies() {
        return CollectionConverters.asScala(parents).toList();
    }
}
