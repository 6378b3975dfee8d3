using System;

namespace Strata;

/// <summary>The error function of each element: PyTorch's <c>torch.erf</c>.</summary>
/// <remarks>
/// <para>Shape: unchanged. Formula: y = 2/√π·∫e^−t² dt from 0 to x. Its derivative is 2/√π·e^−x².</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class ErfAttribute : LayerAttribute;
