using System;

namespace Strata.Serving.Models;

/// <summary>A model that the app has added.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Create">Makes it, once the app's services are there.</param>
internal sealed record ModelRegistration(string Name, Func<ServedModelServices, ServedModel> Create);
