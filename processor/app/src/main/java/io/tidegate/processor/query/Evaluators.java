package io.tidegate.processor.query;

import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;

/** Compiled evaluators of this JVM, lent to one task at a time: a batch of a second has no time to compile. */
public final class Evaluators {

    private static final Map<RowExpressions, Deque<RowEvaluator>> IDLE = new ConcurrentHashMap<>();

    private Evaluators() {}

    /** One that nobody else uses until it is {@linkplain #giveBack given back}. */
    public static RowEvaluator borrow(RowExpressions expressions) {
        RowEvaluator idle = idle(expressions).pollFirst();
        if (idle != null) {
            return idle;
        }
        try {
            return RowEvaluator.of(expressions);
        } catch (SqlMistake e) {
            throw new IllegalStateException("an expression that was good at the start: " + expressions, e);
        }
    }

    /** For the next task. */
    public static void giveBack(RowExpressions expressions, RowEvaluator evaluator) {
        idle(expressions).addFirst(evaluator);
    }

    private static Deque<RowEvaluator> idle(RowExpressions expressions) {
        return IDLE.computeIfAbsent(expressions, e -> new ConcurrentLinkedDeque<>());
    }
}
