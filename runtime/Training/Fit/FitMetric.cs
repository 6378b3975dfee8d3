namespace Strata.Training;

/// <summary>A measure of how good a network is after an epoch.</summary>
public enum FitMetric
{
    /// <summary>Mean training loss of the epoch.</summary>
    Loss,

    /// <summary>Mean loss of the validation samples.</summary>
    ValidationLoss,

    /// <summary>Share of the validation samples that are classified correctly; larger is better.</summary>
    ValidationAccuracy,
}
