using System.Buffers;

namespace TelemetryHub.Mqtt.Topics;

/// <summary>A stack that starts in the caller's memory and moves to a pooled array when a topic branches more often.</summary>
internal ref struct PendingBranches<T>(Span<Branch<T>> initial)
    where T : notnull
{
    private Span<Branch<T>> _branches = initial;
    private Branch<T>[]? _rented;
    private int _count;

    public void Push(Branch<T> branch)
    {
        if (_count == _branches.Length)
            Grow();
        _branches[_count++] = branch;
    }

    public bool TryPop(out Branch<T> branch)
    {
        if (_count == 0)
        {
            branch = default;
            return false;
        }

        branch = _branches[--_count];
        return true;
    }

    public readonly void Dispose()
    {
        if (_rented is not null)
            ArrayPool<Branch<T>>.Shared.Return(_rented, clearArray: true);
    }

    private void Grow()
    {
        var larger = ArrayPool<Branch<T>>.Shared.Rent(_count * 2);
        _branches.CopyTo(larger);
        Dispose();
        _rented = larger;
        _branches = larger;
    }
}
