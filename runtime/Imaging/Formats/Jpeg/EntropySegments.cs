namespace Strata.Imaging.Jpeg;

/// <summary>
/// Gives the units of a scan their data. Restart markers cut the data into segments, after each of which decoding begins anew. Where
/// markers are missing or wrong, it goes on as libjpeg does.
/// </summary>
internal sealed class EntropySegments
{
    private readonly Input _input;
    private readonly int _interval;
    private readonly bool _allowTruncated;
    private int _left, _nextRestart;

    public EntropySegments(Input input, int interval, bool allowTruncated)
    {
        (_input, _interval, _allowTruncated, _left) = (input, interval, allowTruncated, interval);
        Reader = input.ReadSegment();
    }

    /// <summary>The current segment.</summary>
    public BitReader Reader;

    /// <summary>The last DC coefficient of each component of the scan.</summary>
    public int[] Predictions { get; } = new int[4];

    /// <summary>Blocks whose other coefficients in this scan are zeros.</summary>
    public int EndOfBandRun;

    /// <summary>Whether the segment has no data for more units.</summary>
    public bool IsInsufficient { get; private set; }

    /// <summary>Whether no unit of the scan will have data.</summary>
    public bool IsOver => IsInsufficient && _interval == 0;

    /// <summary>Units that can be skipped together; a restart marker may follow.</summary>
    public int UnitsToRestart => _interval == 0 ? int.MaxValue : _left;

    /// <summary>Begins a unit.</summary>
    /// <returns>Whether there are data for it.</returns>
    public bool Begin()
    {
        if (_interval > 0)
        {
            if (_left == 0)
            {
                Restart();
            }

            _left--;
        }

        return !IsInsufficient;
    }

    /// <summary>Skips units within an end-of-band run.</summary>
    public void Skip(int units)
    {
        EndOfBandRun -= units;
        _left -= _interval > 0 ? units : 0;
    }

    /// <summary>Ends a unit that had data. One that used more than there were is the last of the segment.</summary>
    /// <exception cref="ImageFormatException">The file is cut off, and this is not allowed.</exception>
    public void End()
    {
        if (Reader.IsExhausted)
        {
            Exhaust();
        }
    }

    private void Exhaust()
    {
        if (_input.IsCutOff && !_allowTruncated)
        {
            throw Input.CutOff("its image data");
        }

        IsInsufficient = true;
    }

    private void Restart()
    {
        int marker = _input.ReadMarker(), wanted = Marker.Restart0 + _nextRestart;
        while (marker != wanted && FindAction(marker) is var action && action != Action.Resume)
        {
            if (_input.IsCutOff && !_allowTruncated)
            {
                throw Input.CutOff("its image data");
            }

            if (action == Action.Stay)
            {
                _input.PendingMarker = marker;
                break;
            }

            marker = _input.ReadMarker();
        }

        _nextRestart = (_nextRestart + 1) & 7;
        System.Array.Clear(Predictions);
        (EndOfBandRun, _left) = (0, _interval);
        if (_input.PendingMarker == 0)
        {
            IsInsufficient = false;
            Reader = _input.ReadSegment();
        }
        else if (!IsInsufficient)
        {
            Reader = _input.EmptySegment();
        }
    }

    /// <summary>What libjpeg does at another marker than the one that is due.</summary>
    private Action FindAction(int marker)
    {
        if (marker < Marker.Sof0)
        {
            return Action.Advance;
        }

        if (!Marker.IsRestart(marker))
        {
            return Action.Stay;
        }

        // A marker that comes one or two too early is left for later; one or two late ones are passed.
        return ((marker - Marker.Restart0 - _nextRestart) & 7) switch
        {
            1 or 2 => Action.Stay,
            6 or 7 => Action.Advance,
            _ => Action.Resume,
        };
    }

    private enum Action
    {
        /// <summary>The data behind the marker are used.</summary>
        Resume,

        /// <summary>The next marker is tried.</summary>
        Advance,

        /// <summary>The marker stays where it is; the segment is empty.</summary>
        Stay,
    }
}
