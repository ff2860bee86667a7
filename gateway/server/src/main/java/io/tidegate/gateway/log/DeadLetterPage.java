package io.tidegate.gateway.log;

import java.util.List;

/**
 * Some dead letters, newest first.
 *
 * @param entries ask for those before the last one's number to go on
 * @param retained how many there are in all
 * @param expired how many there were that are no longer kept
 */
public record DeadLetterPage(List<Entry> entries, long retained, long expired) {

    /**
     * A numbered dead letter.
     *
     * @param number counts up from 0 in order of arrival
     * @param letter what it is
     */
    public record Entry(long number, DeadLetter letter) {}
}
