package io.tidegate.gateway.ingest.http;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpRequest;
import io.tidegate.gateway.decode.Limits;
import io.tidegate.gateway.http.BearerTokens;
import io.tidegate.gateway.http.Reply;
import io.tidegate.gateway.ingest.BodyDecoder;
import io.tidegate.gateway.ingest.mqtt.Weblogs;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class HttpSourceTest {

    private static final ActorTestKit KIT = ActorTestKit.create();

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @Test
    @SuppressWarnings("NullAway") // what is not there fails
    void what_fails_on_our_side_is_503_and_its_room_is_free_again() throws Exception {
        HttpIngestSettings settings = new HttpIngestSettings(
                1000,
                1000,
                1,
                Duration.ofSeconds(9),
                Duration.ofSeconds(9),
                1,
                1000,
                Duration.ofSeconds(9),
                new BearerTokens(List.of()));
        BodyDecoder bodies = new BodyDecoder(Weblogs.reader(), new Limits(1000, 10, 4, 64));
        // Without a log and a way to it everything fails.
        HttpIngest ingest =
                new HttpIngest(settings, bodies, null, new IdempotencyCache(settings, Map.of()), null, () -> 1L);
        HttpSource source = new HttpSource(KIT.system(), ingest);

        for (int i = 0; i < 3; i++) {
            Reply reply = source.reply(
                            HttpRequest.POST("/ingest/logs").withEntity(ContentTypes.TEXT_PLAIN_UTF8, "x".repeat(900)))
                    .toCompletableFuture()
                    .join();
            assertThat(reply.status()).isEqualTo(503);
        }
    }
}
