namespace Strata.Imaging;

/// <summary>A shape whose overlap with another of its kind can be measured: what suppression needs to know.</summary>
internal interface IOverlapping<T>
{
    float IntersectionOverUnion(T other);
}
