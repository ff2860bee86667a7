package io.tidegate.processor.sink;

import io.tidegate.processor.result.Result;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;

/**
 * The results of what a task has to deliver, one after the other, while the task goes on.
 *
 * @param <T> what has results
 */
public final class Flattened<T> implements Iterator<Result> {

    private final Iterator<T> sources;
    private final Function<T, List<? extends Result>> results;
    private Iterator<? extends Result> current = Collections.emptyIterator();

    /**
     * Of some sources.
     *
     * @param results asked once for each, in order
     */
    public Flattened(Iterator<T> sources, Function<T, List<? extends Result>> results) {
        this.sources = sources;
        this.results = results;
    }

    @Override
    public boolean hasNext() {
        while (!current.hasNext() && sources.hasNext()) {
            current = results.apply(sources.next()).iterator();
        }
        return current.hasNext();
    }

    @Override
    public Result next() {
        if (!hasNext()) {
            throw new NoSuchElementException("no more results");
        }
        return current.next();
    }
}
