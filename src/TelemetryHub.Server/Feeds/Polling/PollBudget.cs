namespace TelemetryHub.Server.Feeds.Polling;

/// <summary>What the answers to all polls may hold together until their clients have taken them. Any thread.</summary>
internal sealed class PollBudget
{
    /// <summary>Many answers of the largest size, or one to each of very many polls.</summary>
    public const long MaxBytes = 64 << 20;

    private long _held;

    /// <summary>What they hold now.</summary>
    public long Held => Volatile.Read(ref _held);

    /// <summary>Nothing more is to be collected: answers that nobody takes must not fill the memory.</summary>
    public bool IsUsedUp => Held >= MaxBytes;

    /// <summary>An answer has become larger; or, by a negative number, it is gone.</summary>
    public void Hold(int bytes) => Interlocked.Add(ref _held, bytes);
}
