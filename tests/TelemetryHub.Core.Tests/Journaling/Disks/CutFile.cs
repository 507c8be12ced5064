namespace TelemetryHub.Core.Tests.Journaling.Disks;

/// <summary>
/// What a power cut leaves of one file. The system writes whole sectors, as its memory holds them at that moment: a later write to a sector brings
/// an earlier one along, in any other respect each fares alone.
/// </summary>
internal sealed class CutFile
{
    private const int SectorBytes = 512;

    private readonly Random _random;
    private readonly double _likely;
    private readonly SimulatedContent _memory;
    private readonly SimulatedContent _disk;
    private int _safeLength;
    private int _shortest;
    private int _longest;

    /// <param name="start">What was in it, safe, before the first change; null = it was not there.</param>
    /// <param name="random">Decides what is lost.</param>
    /// <param name="likely">How likely a change is to be there.</param>
    public CutFile(SimulatedContent? start, Random random, double likely)
    {
        _random = random;
        _likely = likely;
        _memory = start?.Clone() ?? new SimulatedContent();
        _disk = _memory.Clone();
        _safeLength = _shortest = _longest = _memory.Length;
    }

    /// <summary>Takes the next change into account.</summary>
    public void Take(DiskOperation change, Safety safety)
    {
        if (change.Kind == DiskOperationKind.Write)
            Write(change, safety);
        else
            SetLength((int)change.Offset, safety);

        (_shortest, _longest) = (Math.Min(_shortest, _memory.Length), Math.Max(_longest, _memory.Length));
        if (safety == Safety.Safe)
            _safeLength = _shortest = _longest = _memory.Length;
    }

    public SimulatedContent Left()
    {
        _disk.SetLength(_likely switch
        {
            0 => _safeLength,
            1 => _memory.Length,
            _ => _random.Next(4) switch
            {
                0 => _safeLength,
                1 => _memory.Length,
                _ => _random.Next(_shortest, _longest + 1),
            },
        });
        return _disk;
    }

    private void Write(DiskOperation write, Safety safety)
    {
        var (offset, end) = ((int)write.Offset, (int)write.Offset + write.Bytes.Length);
        var fate = safety == Safety.Safe ? WriteFate.Whole : NextFate();
        if (fate == WriteFate.Missing && safety == Safety.Doubtful)
            _memory.SetLength(Math.Max(_memory.Length, end)); // the system has thrown it away: no later write brings it along
        else
            _memory.Write(offset, write.Bytes);
        if (fate == WriteFate.Missing)
            return;

        var keptSectors = fate == WriteFate.Prefix ? _random.Next(end - offset) / SectorBytes : int.MaxValue;
        for (var sector = offset / SectorBytes; sector * SectorBytes < end; sector++)
        {
            if (fate == WriteFate.Scattered ? _random.Next(2) == 0 : keptSectors-- > 0)
                Copy(sector * SectorBytes);
        }
    }

    private void SetLength(int length, Safety safety)
    {
        _memory.SetLength(length);
        if (length < _disk.Length && (safety == Safety.Safe || _random.NextDouble() < _likely))
            _disk.SetLength(length);
    }

    private void Copy(int offset) =>
        _disk.Write(offset, _memory.Span[offset..Math.Min(offset + SectorBytes, _memory.Length)]);

    private WriteFate NextFate()
    {
        if (_likely is 0 or 1)
            return _likely == 0 ? WriteFate.Missing : WriteFate.Whole;
        if (_random.Next(3) == 0)
            return _random.Next(2) == 0 ? WriteFate.Prefix : WriteFate.Scattered;
        return _random.NextDouble() < _likely ? WriteFate.Whole : WriteFate.Missing;
    }

    private enum WriteFate
    {
        Missing,
        Whole,
        Prefix,
        Scattered,
    }
}
