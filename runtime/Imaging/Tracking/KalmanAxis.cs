namespace Strata.Imaging;

/// <summary>
/// A Kalman filter of one number and its velocity. A box has four of them: the middle's x and y, width over height, and height. The paper's
/// filter is one of eight numbers, but no number's noise depends on another's, so that it falls apart into these.
/// </summary>
internal struct KalmanAxis(double value, double deviation, double velocityDeviation)
{
    private double _velocity;
    private double _variance = deviation * deviation;
    private double _covariance;
    private double _velocityVariance = velocityDeviation * velocityDeviation;

    public double Value { get; private set; } = value;

    public void Stop() => _velocity = 0;

    /// <summary>A frame passes.</summary>
    public void Predict(double deviation, double velocityDeviation)
    {
        Value += _velocity;
        _variance += 2 * _covariance + _velocityVariance + deviation * deviation;
        _covariance += _velocityVariance;
        _velocityVariance += velocityDeviation * velocityDeviation;
    }

    /// <summary>The number was measured.</summary>
    public void Update(double measured, double deviation)
    {
        double total = _variance + deviation * deviation, difference = measured - Value;
        (double gain, double velocityGain) = (_variance / total, _covariance / total);
        Value += gain * difference;
        _velocity += velocityGain * difference;
        _variance -= gain * gain * total;
        _velocityVariance -= velocityGain * velocityGain * total;
        _covariance -= gain * velocityGain * total;
    }
}
