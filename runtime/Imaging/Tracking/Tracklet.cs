namespace Strata.Imaging;

/// <summary>What is known of an object that is followed.</summary>
internal sealed class Tracklet
{
    /// <summary>Deviations are shares of the box's height, but for width over height.</summary>
    private const double Position = 1.0 / 20, Velocity = 1.0 / 160, Ratio = 1e-2, RatioVelocity = 1e-5, MeasuredRatio = 0.1;

    private KalmanAxis _x, _y, _ratio, _height;

    public Tracklet(int id, int frame, int detection, Detection found)
    {
        (Id, FirstFrame) = (id, frame);
        var box = TrackedBox.Of(found.Box);
        (double position, double velocity) = (2 * Position * box.Height, 10 * Velocity * box.Height);
        _x = new KalmanAxis(box.CenterX, position, velocity);
        _y = new KalmanAxis(box.CenterY, position, velocity);
        _ratio = new KalmanAxis(box.Width / box.Height, Ratio, RatioVelocity);
        _height = new KalmanAxis(box.Height, position, velocity);
        See(frame, detection, found);
    }

    public int Id { get; }

    public int FirstFrame { get; }

    /// <summary>The last frame in which it was seen.</summary>
    public int LastFrame { get; private set; }

    /// <summary>
    /// A track that is one frame old is not shown before a second frame confirms it, unless it was in the first frame of all.
    /// </summary>
    public bool Confirmed { get; set; }

    /// <summary>Whether it was not seen in the last frame.</summary>
    public bool Lost { get; set; }

    /// <summary>Whether it was lost for too long once.</summary>
    public bool Expired { get; set; }

    public int Class { get; private set; }

    public TrackedBox Box
    {
        get
        {
            double width = _ratio.Value * _height.Value;
            return new TrackedBox(_x.Value - width / 2, _y.Value - _height.Value / 2, width, _height.Value);
        }
    }

    public Track Shown { get; private set; }

    /// <summary>Moves it to where it should be in the next frame.</summary>
    public void Predict()
    {
        if (Lost)
        {
            _height.Stop();
        }

        (double position, double velocity) = (Position * _height.Value, Velocity * _height.Value);
        _x.Predict(position, velocity);
        _y.Predict(position, velocity);
        _ratio.Predict(Ratio, RatioVelocity);
        _height.Predict(position, velocity);
    }

    /// <summary>A detection is this object.</summary>
    public void Update(int frame, int detection, Detection found)
    {
        var box = TrackedBox.Of(found.Box);
        double deviation = Position * _height.Value;
        _x.Update(box.CenterX, deviation);
        _y.Update(box.CenterY, deviation);
        _ratio.Update(box.Width / box.Height, MeasuredRatio);
        _height.Update(box.Height, deviation);
        Confirmed = true;
        See(frame, detection, found);
    }

    private void See(int frame, int detection, Detection found)
    {
        (LastFrame, Lost, Class) = (frame, false, found.Class);
        Shown = new Track(Id, Box.ToBox(), found.Score, found.Class, detection);
    }
}
