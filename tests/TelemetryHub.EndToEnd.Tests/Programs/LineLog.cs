namespace TelemetryHub.EndToEnd.Tests.Programs;

/// <summary>The lines that a program wrote so far, with a way to wait for those still to come. Thread-safe.</summary>
public sealed class LineLog
{
    private readonly Lock gate = new(); // guards lines, waiters, ended
    private readonly List<string> lines = [];
    private readonly List<Waiter> waiters = [];
    private bool ended;

    /// <summary>A copy of what was written so far.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (gate) return [.. lines];
        }
    }

    /// <summary>The first <paramref name="count"/> lines that match, as soon as there are so many.</summary>
    /// <remarks>Fails with <see cref="EndOfStreamException"/> when the program ends before.</remarks>
    public Task<IReadOnlyList<string>> FirstAsync(int count, Func<string, bool> matches)
    {
        var waiter = new Waiter(count, matches);
        lock (gate)
        {
            foreach (var line in lines)
            {
                if (waiter.Offer(line)) return waiter.Task;
            }

            if (ended) waiter.Fail(lines);
            else waiters.Add(waiter);
        }

        return waiter.Task;
    }

    /// <summary>Copies everything from <paramref name="reader"/> until it ends.</summary>
    public async Task FillAsync(TextReader reader)
    {
        while (await reader.ReadLineAsync() is { } line) Add(line);
        lock (gate)
        {
            ended = true;
            foreach (var waiter in waiters) waiter.Fail(lines);
            waiters.Clear();
        }
    }

    /// <summary>For what a program says in another way than by writing.</summary>
    public void Add(string line)
    {
        lock (gate)
        {
            lines.Add(line);
            waiters.RemoveAll(waiter => waiter.Offer(line));
        }
    }

    private sealed class Waiter(int count, Func<string, bool> matches)
    {
        // Continuations run elsewhere: they must not run under the log's lock.
        private readonly TaskCompletionSource<IReadOnlyList<string>> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly List<string> found = [];

        public Task<IReadOnlyList<string>> Task => done.Task;

        public bool Offer(string line)
        {
            if (matches(line)) found.Add(line);
            return found.Count >= count && (done.TrySetResult(found) || true);
        }

        public void Fail(List<string> all) => done.TrySetException(new EndOfStreamException(
            $"The program ended with {found.Count} of {count} expected lines. Its last lines:\n{string.Join('\n', all.TakeLast(30))}"));
    }
}
