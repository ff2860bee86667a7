package io.tidegate.gateway;

import static io.tidegate.gateway.RawHttp.answer;
import static io.tidegate.gateway.RawHttp.exchange;
import static io.tidegate.gateway.RawHttp.send;
import static io.tidegate.gateway.RawHttp.socket;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code /livez} and {@code /readyz} are answered when everything else is full. */
class ProbesTest {

    /** As many as Akka's dispatcher for them has. */
    private static final int BLOCKING_THREADS = 16;

    private final FakeBroker broker = new FakeBroker();

    @TempDir
    private Path folder;

    @Test
    void probes_answer_when_all_connections_are_taken() throws Exception {
        List<Socket> idle = new ArrayList<>();
        try (RunningGateway gateway = start("http.max-connections = 3")) {
            for (int i = 0; i < 3; i++) {
                Socket socket = socket(gateway);
                idle.add(socket);
                send(socket, "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n");
                assertThat(answer(socket)).startsWith("HTTP/1.1 200 ");
            }
            String ready = exchange(gateway, "GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(ready)
                    .startsWith("HTTP/1.1 ")
                    .contains("Connection: close")
                    .contains("\"status\":");
            assertThat(exchange(gateway, "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"))
                    .startsWith("HTTP/1.1 200 ");
            assertThat(exchange(gateway, "GET /ledger HTTP/1.1\r\nHost: x\r\n\r\n"))
                    .startsWith("HTTP/1.1 503 ")
                    .contains("http.max-connections", "Retry-After");
            send(idle.get(0), "GET /ledger HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(answer(idle.get(0))).startsWith("HTTP/1.1 200 ");
            for (Socket socket : idle) {
                socket.close();
            }
            await().until(() -> exchange(gateway, "GET /ledger HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                    .startsWith("HTTP/1.1 200 "));
        }
    }

    @Test
    void probes_answer_when_all_threads_that_may_block_hang() throws Exception {
        Semaphore released = new Semaphore(0);
        AtomicInteger hanging = new AtomicInteger();
        try (RunningGateway gateway = start("")) {
            assertThat(gateway.get("/livez").statusCode()).isEqualTo(200);
            for (int i = 0; i <= BLOCKING_THREADS; i++) {
                gateway.blocking().execute(() -> {
                    hanging.incrementAndGet();
                    released.acquireUninterruptibly();
                });
            }
            await().until(() -> hanging.get() == BLOCKING_THREADS);

            assertThat(gateway.get("/livez").statusCode()).isEqualTo(200);
            assertThat(gateway.get("/readyz").body()).contains("\"status\":");
            assertThat(hanging).hasValue(BLOCKING_THREADS);
            released.release(BLOCKING_THREADS + 1);
        }
    }

    private RunningGateway start(String more) throws Exception {
        return RunningGateway.start(folder, broker, more);
    }
}
