using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.Raw;

namespace TelemetryHub.EndToEnd.Tests.Crowds;

/// <summary>Thousands of clients that do the same at the same time.</summary>
internal sealed class Crowd : IAsyncDisposable
{
    private readonly RawConnection[] members;

    private Crowd(RawConnection[] members) => this.members = members;

    /// <summary>
    /// Connects them in one go: all SYNs leave before anybody waits for an answer. <paramref name="join"/> is given the new
    /// connection and its number, and says CONNECT.
    /// </summary>
    public static async Task<Crowd> StormAsync(Listener listener, int count, Func<RawConnection, int, Task> join)
    {
        DescriptorLimit.Allow(count);
        return new Crowd(await Task.WhenAll(Enumerable.Range(0, count).Select(number => JoinAsync(listener, number, join))));
    }

    /// <summary>The same, <paramref name="wave"/> of them at a time.</summary>
    public static async Task<Crowd> GatherAsync(Listener listener, int count, int wave, Func<RawConnection, int, Task> join)
    {
        DescriptorLimit.Allow(count);
        var members = new List<RawConnection>(count);
        foreach (var numbers in Enumerable.Range(0, count).Chunk(wave))
            members.AddRange(await Task.WhenAll(numbers.Select(number => JoinAsync(listener, number, join))));
        return new Crowd([.. members]);
    }

    /// <summary>All of them at once.</summary>
    public Task EachAsync(Func<RawConnection, int, Task> act) => Task.WhenAll(members.Select(act));

    /// <summary>All are gone without a word: their sockets send RST.</summary>
    public void Reset()
    {
        foreach (var member in members) member.Reset();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in members) await member.DisposeAsync();
    }

    private static async Task<RawConnection> JoinAsync(Listener listener, int number, Func<RawConnection, int, Task> join)
    {
        var member = await RawConnection.OpenAsync(listener);
        await join(member, number);
        return member;
    }
}
