#pragma once

#include <trimtab/core/error.hpp>
#include <trimtab/core/grid.hpp>
#include <trimtab/core/parallel.hpp>
#include <trimtab/hyperbolic/block.hpp>
#include <trimtab/hyperbolic/options.hpp>
#include <trimtab/steer/decisions.hpp>
#include <trimtab/steer/step_control.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

/// @file scheme.hpp
/// The A-WENO scheme for any Law on a uniform one-dimensional grid, in SSP-RK3, with its smoothness switch.

namespace trimtab::hyperbolic {

/// Point values at the centers x_j = lower + (j + 1/2) dx of n cells, advanced in time.
///
/// Memory: four copies of the state (seven with Indicator::dual) and 18 bytes per cell.
template <Law L>
class Scheme {
 public:
  using Real = typename L::Real;
  static constexpr int n_vars = L::n_vars;
  static_assert(n_vars <= max_vars);

  /// @throws std::invalid_argument naming the option that is out of range
  Scheme(L law, std::int64_t n, double lower, double upper, SchemeOptions options)
      : law_(law),
        n_(n),
        lower_(lower),
        dx_((upper - lower) / static_cast<double>(n)),
        options_(std::move(options)),
        cfl_(options_.cfl) {
    check();
    stride_ = (n + 2 * halo + 7) / 8 * 8 + 8;
    for (auto& field : state_) field.assign(static_cast<std::size_t>(stride_) * n_vars, Real(0));
    if (adapts() && options_.indicator == Indicator::dual)
      for (auto& field : twin_) field.assign(static_cast<std::size_t>(stride_) * n_vars, Real(0));
    raw_.assign(static_cast<std::size_t>(n + 2 * halo), Class::smooth);
    cells_ = raw_;
    faces_.assign(static_cast<std::size_t>(n + 1), Class::smooth);
    defect_.assign(static_cast<std::size_t>(n), Real(0));
    if (options_.source) {
      source_u_.resize(static_cast<std::size_t>(n) * n_vars);
      source_.resize(static_cast<std::size_t>(n) * n_vars);
    }
  }

  std::int64_t size() const { return n_; }
  double time() const { return t_; }
  std::int64_t steps() const { return cfl_.steps; }
  const steer::Decisions& decisions() const { return decisions_; }

  /// Starts anew at time t from primitive values, n_vars x n row-major. The classes come from a dry stage.
  /// @throws std::invalid_argument for values that are not finite or not admissible, naming variable and cell
  void set_primitive(const double* w, double t) {
    double least[2] = {HUGE_VAL, HUGE_VAL};
    for (std::int64_t j = 0; j < n_; ++j) {
      const auto u = law_.conservative(make_state<Real, n_vars>([&](int k) { return Real(w[k * n_ + j]); }));
      require_admissible(u, j);
      if constexpr (L::n_positive > 0)
        for (int q = 0; q < L::n_positive; ++q) least[q] = std::min(least[q], double(law_.positive(u)[q]));
      for (int k = 0; k < n_vars; ++k) row(0)[k][j] = u[k];
    }
    for (int q = 0; q < L::n_positive; ++q) floor_[q] = Real(1e-13 * least[q]);
    t_ = t;
    cfl_.steps = 0;
    decisions_ = steer::Decisions(decisions_.columns());
    std::fill(raw_.begin(), raw_.end(), Class::smooth);
    cells_ = raw_;
    rate_ = 0;
    set_scale();
    if (adapts()) classify_dry();
  }

  /// Conserved values, n_vars x n row-major.
  void conservative(double* out) const {
    for (int k = 0; k < n_vars; ++k)
      for (std::int64_t j = 0; j < n_; ++j) out[k * n_ + j] = row(0)[k][j];
  }

  /// Primitive values, n_vars x n row-major.
  void primitive(double* out) const {
    for (std::int64_t j = 0; j < n_; ++j) {
      const auto w = law_.primitive(cell(row(0), j));
      for (int k = 0; k < n_vars; ++k) out[k * n_ + j] = w[k];
    }
  }

  /// Class of each cell in the next step.
  const Class* classes() const { return cells_.data() + halo; }

  /// Larger defect of each cell in the last step.
  const Real* defect() const { return defect_.data(); }

  /// What a restart needs beside conserved values, classes and decisions.
  Clock clock() const {
    Clock c{t_, cfl_.steps, {0, 0}, 1};
    for (int q = 0; q < L::n_positive; ++q) c.floor[q] = floor_[q];
    if constexpr (requires { law_.scale; }) c.scale = law_.scale;
    return c;
  }

  /// Goes on from a saved state; continues bit for bit.
  void restore(const double* u, const std::uint8_t* classes, const double* defect, const Clock& clock,
               steer::Decisions decisions) {
    for (std::int64_t j = 0; j < n_; ++j) {
      for (int k = 0; k < n_vars; ++k) row(0)[k][j] = Real(u[k * n_ + j]);
      require_admissible(cell(row(0), j), j);
      defect_[j] = Real(defect[j]);
      if (classes[j] > 2) reject("classes", "0, 1 or 2", classes[j]);
      cells_[j + halo] = static_cast<Class>(classes[j]);
    }
    t_ = clock.t;
    cfl_.steps = clock.steps;
    for (int q = 0; q < L::n_positive; ++q) floor_[q] = Real(clock.floor[q]);
    if constexpr (requires { law_.scale; }) law_.scale = Real(clock.scale);
    decisions_ = std::move(decisions);
    rate_ = 0;
  }

  /// Time derivative of the conserved values as they stand, n_vars x n row-major: fluxes by the present classes and the
  /// source, without the positivity blend, which depends on a time step.
  void rate(double* out) {
    fill_ghosts(row(0), t_, false);
    select_faces();
    if (options_.source) evaluate_source(row(0), t_);
    parallel_for(static_cast<std::size_t>(n_blocks()), threads(), [&](std::size_t b) {
      const std::int64_t begin = static_cast<std::int64_t>(b) * block_cells, end = std::min(begin + block_cells, n_);
      Block<L> block(law_, std::as_const(*this).row(0).from(begin), end - begin);
      set_fluxes(block, begin);
      for (int k = 0; k < n_vars; ++k)
        for (std::int64_t j = begin; j < end; ++j) {
          const double flow = double(block.flux(k, j + 1 - begin)) - double(block.flux(k, j - begin));
          out[k * n_ + j] = -flow / dx_ + (options_.source ? double(source_[k * n_ + j]) : 0.0);
        }
    });
  }

  /// Advances to t_end.
  RunReport run(double t_end, const RunOptions& run_options) {
    Watch watch(run_options.watch);
    RunReport report;
    const double t_start = t_;
    if (rate_ == 0) rate_ = fastest_rate();
    threads_ = threads();
    double share[3] = {0, 0, 0};
    while (t_ < t_end) {
      const Stop stop = watch.check((t_ - t_start) / (t_end - t_start));
      if (stop != Stop::none) {
        report.status = stop == Stop::requested ? Status::stopped : Status::time_limit;
        break;
      }
      if (report.steps >= run_options.max_steps) {
        report.status = Status::max_steps;
        break;
      }
      const double full = run_options.dt > 0 ? run_options.dt : cfl_.suggest(rate_);
      double dt = full;
      const bool last = t_ + dt >= t_end;
      if (last) dt = t_end - t_;
      report.dt = dt;
      if (!last && dt < 1e-14 * std::abs(t_end)) {
        report.status = Status::step_too_small;
        fail(report, row(0), fastest_cell(), 0);
        break;
      }
      cut_ = std::isfinite(full) ? dt / full : 1;
      if (!step(dt, report)) break;
      t_ = last ? t_end : t_ + dt;
      cfl_.observe();
      ++report.steps;
      for (int c = 0; c < 3; ++c) share[c] += share_[c];
    }
    for (int c = 0; c < 3; ++c) report.share[c] = report.steps ? share[c] / static_cast<double>(report.steps) : 0;
    report.seconds = watch.seconds();
    return report;
  }

 private:
  using Field = std::vector<Real>;
  using Floor = typename Block<L>::Floor;
  static constexpr double weight_old[3] = {0, 3.0 / 4, 1.0 / 3}, weight_new[3] = {1, 1.0 / 4, 2.0 / 3};

  /// What one block hands back.
  struct Tally {
    std::int64_t blended = 0, floored = 0;
    double rate = 0;
    bool bad = false;
  };

  bool adapts() const { return options_.variant == Variant::adaptive; }
  /// A thread pays from about eight blocks on.
  int threads() const {
    return static_cast<int>(std::clamp<std::int64_t>(n_blocks() / 8, 1, resolve_threads(options_.threads)));
  }
  std::int64_t n_blocks() const { return (n_ + block_cells - 1) / block_cells; }
  Rows<Real> rows(Field& f) const { return {f.data() + halo, stride_}; }
  Rows<Real> row(int i) { return rows(state_[i]); }
  Rows<const Real> row(int i) const { return {state_[i].data() + halo, stride_}; }
  static State<Real, n_vars> cell(Rows<const Real> u, std::int64_t j) {
    return make_state<Real, n_vars>([&](int k) { return u[k][j]; });
  }

  void check() const {
    const auto& o = options_;
    if (n_ < 6) reject("shape", "at least 6 cells", static_cast<double>(n_));
    if (!(dx_ > 0 && std::isfinite(dx_))) reject("extent", "finite ends in increasing order", dx_);
    if (!(o.classes.tol >= 0)) reject("tol", "a number >= 0", o.classes.tol);
    if (sizeof(Real) == 4 && adapts() && o.classes.tol < 1e-5)
      reject("tol", "at least 1e-5 in single precision, whose round-off would fill the class map", o.classes.tol);
    if (!(o.classes.kappa > 0 && o.classes.kappa < 1)) reject("kappa", "a number in (0, 1)", o.classes.kappa);
    if (o.classes.grow < 0 || o.classes.grow > halo) reject("grow", "0, 1, 2 or 3 cells", o.classes.grow);
    if ((o.sides[0].kind == Boundary::periodic) != (o.sides[1].kind == Boundary::periodic))
      reject("bc", "periodic on both sides or on none", "one periodic side");
    for (const Side& side : o.sides) {
      if (side.kind == Boundary::custom && !side.fill) reject("bc", "a function that fills the ghosts", "none");
    }
    for (const double floor : o.floor)
      if (!(floor >= 0)) reject("floor", "numbers >= 0", floor);
    if (o.use_floor && L::n_positive == 0) reject("floor", "none for this law", o.floor[0]);
  }

  void require_admissible(const State<Real, n_vars>& u, std::int64_t j) const {
    bool finite = true;
    for (int k = 0; k < n_vars; ++k) finite = finite && std::isfinite(u[k]);
    if (!finite || !law_.above(u, Floor{}))
      reject("state", finite ? "positive density, pressure or depth" : "finite numbers",
             "another value at cell " + std::to_string(j));
  }

  void set_scale() {
    if constexpr (requires { law_.scale; }) {
      Real largest = 0;
      for (std::int64_t j = 0; j < n_; ++j) largest = std::max(largest, std::abs(row(0)[0][j]));
      law_.scale = largest > 0 ? largest : Real(1);
    }
  }

  // ---- boundaries

  template <class Fields>
  void fill_ghosts(Fields u, double t, bool primitive) {
    for (int s = 0; s < 2; ++s) {
      const Side& side = options_.sides[s];
      const std::int64_t first = s == 0 ? -halo : n_;  // first ghost cell, in the order of the coordinate
      State<Real, n_vars> outside;
      double interior[n_vars * halo], ghosts[n_vars * halo];
      if (side.kind == Boundary::inflow) {
        outside = make_state<Real, n_vars>([&](int k) { return Real(side.state[k]); });
        if (!primitive) outside = law_.conservative(outside);
      } else if (side.kind == Boundary::custom) {
        for (int g = 0; g < halo; ++g) {
          auto w = cell(u, s == 0 ? g : n_ - halo + g);
          if (!primitive) w = law_.primitive(w);
          for (int k = 0; k < n_vars; ++k) interior[k * halo + g] = w[k];
        }
        side.fill(side.ctx, t, interior, ghosts);
      }
      for (int g = 0; g < halo; ++g) {
        const std::int64_t j = first + g;
        State<Real, n_vars> value;
        switch (side.kind) {
          case Boundary::periodic:
            value = cell(u, s == 0 ? j + n_ : j - n_);
            break;
          case Boundary::outflow:
            value = cell(u, s == 0 ? 0 : n_ - 1);
            break;
          case Boundary::reflect:
            value = cell(u, s == 0 ? -1 - j : 2 * n_ - 1 - j);
            if (L::normal(0) >= 0) value[L::normal(0)] = -value[L::normal(0)];
            break;
          case Boundary::inflow:
            value = outside;
            break;
          case Boundary::custom:
            value = make_state<Real, n_vars>([&](int k) { return Real(ghosts[k * halo + g]); });
            if (!primitive) value = law_.conservative(value);
            break;
        }
        for (int k = 0; k < n_vars; ++k) u[k][j] = value[k];
      }
    }
  }

  void fill_class_ghosts(Class* c) const {
    for (int s = 0; s < 2; ++s)
      for (int g = 0; g < halo; ++g) {
        const std::int64_t ghost = s == 0 ? -1 - g : n_ + g;
        switch (options_.sides[s].kind) {
          case Boundary::periodic:
            c[ghost] = c[s == 0 ? ghost + n_ : ghost - n_];
            break;
          case Boundary::custom:
            c[ghost] = Class::shock;
            break;
          default:
            c[ghost] = c[s == 0 ? 0 : n_ - 1];
        }
      }
  }

  // ---- one step

  /// Advances by dt, or leaves the state as it is and says why in the report.
  bool step(double dt, RunReport& report) {
    fill_ghosts(row(0), t_, false);
    select_faces();
    const bool dual = adapts() && classifies() && options_.indicator == Indicator::dual;
    Tally tally;
    if (dual) start_twin();
    constexpr int from[3] = {0, 1, 2}, to[3] = {1, 2, 1};
    const double stage_time[3] = {t_, t_ + dt, t_ + dt / 2};
    for (int stage = 0; stage < 3; ++stage) {
      if (stage > 0) fill_ghosts(row(from[stage]), stage_time[stage], false);
      const auto part = advance(stage, row(from[stage]), row(to[stage]), dt, stage_time[stage]);
      tally.blended += part.blended;
      tally.floored += part.floored;
      tally.rate = part.rate;
      if (part.bad) {
        fail(report, row(to[stage]), first_bad(row(to[stage])), stage + 1);
        return false;
      }
      if (dual) advance_twin(stage, dt, stage_time[stage]);
    }
    if (dual) compare_with_twin(row(1));
    std::swap(state_[0], state_[1]);

    std::int64_t count[3] = {0, 0, 0};
    for (std::int64_t j = 0; j < n_; ++j) ++count[static_cast<int>(cells_[j + halo])];
    if (!adapts())
      std::fill(std::begin(count), std::end(count), 0), count[options_.variant == Variant::linear ? 0 : 1] = n_;
    for (int c = 0; c < 3; ++c) share_[c] = static_cast<double>(count[c]) / static_cast<double>(n_);
    decisions_.record({static_cast<double>(cfl_.steps), t_, dt, static_cast<double>(count[0]),
                       static_cast<double>(count[1]), static_cast<double>(count[2]), largest_defect(),
                       static_cast<double>(tally.blended)});
    report.blended += tally.blended;
    report.floored += tally.floored;
    rate_ = tally.rate;
    if (adapts() && classifies()) widen_classes();
    return true;
  }

  /// One Runge-Kutta stage, ghosts filled: to = a u^n + b (from + dt L(from)); the first stage also yields the defects.
  Tally advance(int stage, Rows<Real> from, Rows<Real> to, double dt, double t) {
    if (options_.source) evaluate_source(from, t);
    return parallel_reduce(
        static_cast<std::size_t>(n_blocks()), threads_, Tally{},
        [&](std::size_t b) {
          const std::int64_t begin = static_cast<std::int64_t>(b) * block_cells;
          return advance_block(stage, from, to, dt, begin, std::min(begin + block_cells, n_));
        },
        [](Tally a, const Tally& b) {
          a.blended += b.blended;
          a.floored += b.floored;
          a.rate = std::max(a.rate, b.rate);
          a.bad |= b.bad;
          return a;
        });
  }

  Tally advance_block(int stage, Rows<const Real> from, Rows<Real> to, double dt, std::int64_t begin,
                      std::int64_t end) {
    Tally tally;
    Block<L> block(law_, from.from(begin), end - begin);
    set_fluxes(block, begin);
    tally.blended = block.keep_positive(Real(2 * dt / dx_), floor_);
    const bool compare = stage == 0 && adapts() && classifies() && options_.indicator == Indicator::defect;
    const Real ratio = Real(dt / dx_), step = Real(dt), a = Real(weight_old[stage]), b = Real(weight_new[stage]);
    const Rows<const Real> old = std::as_const(*this).row(0).from(begin);
    const Rows<Real> out = to.from(begin);
    if (compare) {
      Real wave[block_cells], pressure[block_cells];
      simd::Any<Real> rough;
      const Real smooth_below = Real(cut_ * 0.5 * options_.classes.tol);  // also with hysteresis
      const auto twin = block.twin();
      simd::for_each<Real>(static_cast<std::size_t>(end - begin), [&]<class T>(std::size_t j) {
        const auto d = law_.defect(block.template primitive<T>(j), block.template advanced<T>(j, ratio),
                                   twin.template advanced<T>(j, ratio));
        const T largest = simd::max(d.wave, d.pressure);
        simd::store(wave + j, d.wave);
        simd::store(pressure + j, d.pressure);
        simd::store(&defect_[begin + j], largest);
        rough.add(!(largest <= smooth_below));
      });
      classify_cells(begin, end, wave, pressure, rough.found());
    }
    simd::Largest<Real> fastest;
    simd::Any<Real> bad;
    simd::for_each<Real>(static_cast<std::size_t>(end - begin), [&]<class T>(std::size_t j) {
      auto u = block.template advanced<T>(j, ratio);
      if (options_.source)
        for (int k = 0; k < n_vars; ++k) u[k] = u[k] + step * simd::load<T>(&source_[k * n_ + begin + j]);
      for (int k = 0; k < n_vars; ++k) u[k] = stage == 0 ? u[k] : a * simd::load<T>(old[k] + j) + b * u[k];
      bad.add(!law_.above(u, Floor{}));
      for (int k = 0; k < n_vars; ++k) simd::store(out[k] + j, u[k]);
      if (stage == 2) fastest.add(size(law_.speeds(law_.primitive(u), 0)));
    });
    tally.bad = bad.found();
    if (options_.use_floor) {
      tally.floored = raise_to_floor(out, end - begin);
      tally.bad = first_bad(out, end - begin) >= 0;
    }
    tally.rate = double(fastest.value()) / dx_;
    if (!std::isfinite(tally.rate)) tally.bad = true;
    return tally;
  }

  /// Raw classes and defects of cells [begin, end) from the disagreement in this step. A step that was cut to hit a
  /// given time shows less of it by the same ratio.
  void classify_cells(std::int64_t begin, std::int64_t end, const Real* wave, const Real* pressure, bool rough) {
    const Real scale = Real(1 / cut_);
    if (rough) {
      for (std::int64_t j = begin; j < end; ++j)
        raw_[j + halo] =
            classify(scale * wave[j - begin], scale * pressure[j - begin], cells_[j + halo], options_.classes);
    } else {
      std::fill(raw_.begin() + halo + begin, raw_.begin() + halo + end, Class::smooth);
    }
    if (cut_ != 1)
      for (std::int64_t j = begin; j < end; ++j) defect_[j] *= scale;
  }

  void set_fluxes(Block<L>& block, std::int64_t begin) const {
    switch (options_.variant) {
      case Variant::adaptive:
        block.flux_by_class(&faces_[begin]);
        break;
      case Variant::aweno:
        block.template flux_everywhere<Treatment::shock>();
        break;
      case Variant::aweno_ldcu:
        block.template flux_everywhere<Treatment::shock_ldcu>();
        break;
      case Variant::linear:
        block.template flux_everywhere<Treatment::linear>();
        break;
    }
  }

  /// A step that was cut to next to nothing leaves the classes alone.
  bool classifies() const { return cut_ > 1e-6; }

  template <class T>
  static T size(const Speeds<T>& s) {
    return simd::max(s.hi, -s.lo);
  }

  void evaluate_source(Rows<const Real> u, double t) {
    for (int k = 0; k < n_vars; ++k)
      for (std::int64_t j = 0; j < n_; ++j) source_u_[k * n_ + j] = u[k][j];
    std::vector<double>& s = source_double();
    options_.source(options_.source_ctx, t, source_u_.data(), s.data(), n_);
    if constexpr (!std::is_same_v<Real, double>) std::copy(s.begin(), s.end(), source_.begin());
  }
  std::vector<double>& source_double() {
    if constexpr (std::is_same_v<Real, double>) {
      return source_;
    } else {
      source_wide_.resize(source_.size());
      return source_wide_;
    }
  }

  // ---- classes

  /// Class of each face from its two cells; contacts must pass the monotone-layer test.
  void select_faces() {
    if (!adapts()) return;
    fill_class_ghosts(cells_.data() + halo);
    const Class* c = cells_.data() + halo;
    for (std::int64_t i = 0; i <= n_; ++i) {
      faces_[i] = std::max(c[i - 1], c[i]);
      if constexpr (L::has_contacts)
        if (faces_[i] == Class::contact) {
          State<Real, n_vars> w[6];
          for (int s = 0; s < 6; ++s) w[s] = law_.primitive(cell(row(0), i - halo + s));
          if (!is_monotone_layer(law_, w, 0)) faces_[i] = Class::shock;
        }
    }
  }

  void widen_classes() {
    for (int pass = 0; pass < options_.classes.grow; ++pass) {
      fill_class_ghosts(raw_.data() + halo);
      dilate(raw_.data() + halo, cells_.data() + halo, static_cast<std::size_t>(n_));
      std::swap(raw_, cells_);
    }
    std::swap(raw_, cells_);
  }

  /// Classes of the first step: a step is tried with full limiting and thrown away, else the first steps would smear
  /// contacts for good.
  void classify_dry() {
    threads_ = 1;
    cut_ = 1;
    rate_ = fastest_rate();
    if (!(rate_ > 0) || !std::isfinite(rate_)) return;
    std::fill(cells_.begin(), cells_.end(), Class::shock);
    std::fill(faces_.begin(), faces_.end(), Class::shock);
    const double dt = cfl_.suggest(rate_);
    const bool dual = options_.indicator == Indicator::dual;
    if (dual) start_twin();
    for (int stage = 0; stage < (dual ? 3 : 1); ++stage) {
      const double t = t_ + (stage == 0 ? 0 : stage == 1 ? dt : dt / 2);
      fill_ghosts(row(stage), t, false);
      advance(stage, row(stage), row(stage == 1 ? 2 : 1), dt, t);
      if (dual) advance_twin(stage, dt, t);
    }
    std::fill(cells_.begin(), cells_.end(), Class::smooth);
    if (dual) compare_with_twin(row(1));
    widen_classes();
  }

  // ---- the twin's own step (Indicator::dual)

  void start_twin() {
    for (std::int64_t j = 0; j < n_; ++j) {
      const auto w = law_.primitive(cell(row(0), j));
      for (int k = 0; k < n_vars; ++k) rows(twin_[0])[k][j] = w[k];
    }
  }

  void advance_twin(int stage, double dt, double t) {
    constexpr int from[3] = {0, 1, 2}, to[3] = {1, 2, 1};
    const Rows<Real> w = rows(twin_[from[stage]]), out = rows(twin_[to[stage]]), old = rows(twin_[0]);
    fill_ghosts(w, t, true);
    const Real ratio = Real(dt / dx_), step = Real(dt), a = Real(weight_old[stage]), b = Real(weight_new[stage]);
    parallel_for(static_cast<std::size_t>(n_blocks()), threads_, [&](std::size_t index) {
      const std::int64_t begin = static_cast<std::int64_t>(index) * block_cells,
                         end = std::min(begin + block_cells, n_);
      Real lo[block_width], hi[block_width];
      simd::for_each<Real>(static_cast<std::size_t>(end - begin + 2), [&]<class T>(std::size_t j) {
        const auto speeds =
            law_.speeds(make_state<T, n_vars>([&](int k) { return simd::load<T>(w[k] + begin + j - 1); }), 0);
        simd::store(lo + j, speeds.lo);
        simd::store(hi + j, speeds.hi);
      });
      const Twin<L> twin(law_, w.from(begin), lo + 1, hi + 1, end - begin);
      simd::for_each<Real>(static_cast<std::size_t>(end - begin), [&]<class T>(std::size_t j) {
        const auto at = [&](Rows<Real> r) {
          return make_state<T, n_vars>([&](int k) { return simd::load<T>(r[k] + begin + j); });
        };
        const auto now = at(w), start = at(old);
        auto next = twin.template advanced<T>(j, ratio);
        if (options_.source) {
          const auto s = law_.primitive_rate(
              now, make_state<T, n_vars>([&](int k) { return simd::load<T>(&source_[k * n_ + begin + j]); }));
          for (int k = 0; k < n_vars; ++k) next[k] = next[k] + step * s[k];
        }
        if (stage > 0)
          for (int k = 0; k < n_vars; ++k) next[k] = a * start[k] + b * next[k];
        const auto good = law_.above(law_.conservative(next), Floor{});
        for (int k = 0; k < n_vars; ++k) simd::store(out[k] + begin + j, simd::select(good, next[k], now[k]));
      });
    });
  }

  void compare_with_twin(Rows<const Real> u) {
    parallel_for(static_cast<std::size_t>(n_blocks()), threads_, [&](std::size_t b) {
      const std::int64_t begin = static_cast<std::int64_t>(b) * block_cells, end = std::min(begin + block_cells, n_);
      Real wave[block_cells], pressure[block_cells];
      for (std::int64_t j = begin; j < end; ++j) {
        const auto d = law_.defect(law_.primitive(cell(row(0), j)), cell(u, j), cell(rows(twin_[1]), j));
        wave[j - begin] = d.wave, pressure[j - begin] = d.pressure;
        defect_[j] = std::max(d.wave, d.pressure);
      }
      classify_cells(begin, end, wave, pressure, true);
    });
  }

  double largest_defect() const {
    simd::Largest<Real> largest;
    simd::for_each<Real>(defect_.size(), [&]<class T>(std::size_t j) { largest.add(simd::load<T>(&defect_[j])); });
    return double(largest.value());
  }

  // ---- speeds and failures

  double rate_at(std::int64_t j) const { return double(size(law_.speeds(law_.primitive(cell(row(0), j)), 0))) / dx_; }
  double fastest_rate() const { return rate_at(fastest_cell()); }
  std::int64_t fastest_cell() const {
    std::int64_t best = 0;
    for (std::int64_t j = 1; j < n_; ++j)
      if (rate_at(j) > rate_at(best)) best = j;
    return best;
  }

  std::int64_t first_bad(Rows<const Real> u) const { return first_bad(u, n_); }
  std::int64_t first_bad(Rows<const Real> u, std::int64_t count) const {
    for (std::int64_t j = 0; j < count; ++j)
      if (!is_good(cell(u, j))) return j;
    return -1;
  }
  bool is_good(const State<Real, n_vars>& u) const {
    for (int k = 0; k < n_vars; ++k)
      if (!std::isfinite(u[k])) return false;
    return law_.above(u, Floor{});
  }

  void fail(RunReport& report, Rows<const Real> u, std::int64_t j, int stage) const {
    j = std::max<std::int64_t>(j, 0);
    const auto w = law_.primitive(cell(u, j));
    report.bad_cell = j;
    report.bad_stage = stage;
    report.bad_class = cells_[j + halo];
    std::copy_n(w.v, n_vars, report.bad_state);
    if (report.status == Status::step_too_small) return;
    bool finite = true;
    for (int k = 0; k < n_vars; ++k) finite = finite && std::isfinite(u[k][j]);
    report.status = finite && !is_good(cell(u, j)) ? Status::not_positive : Status::not_finite;
  }

  /// Opt-in floors: raises density and pressure, or depth, cell by cell.
  std::int64_t raise_to_floor(Rows<Real> u, std::int64_t count) const {
    std::int64_t raised = 0;
    if constexpr (L::n_positive > 0) {
      Floor floor;
      for (int q = 0; q < L::n_positive; ++q) floor[q] = Real(options_.floor[q]);
      for (std::int64_t j = 0; j < count; ++j) {
        auto state = cell(u, j);
        if (law_.above(state, floor)) continue;
        law_.raise(state, floor);
        for (int k = 0; k < n_vars; ++k) u[k][j] = state[k];
        ++raised;
      }
    }
    return raised;
  }

  L law_;
  std::int64_t n_;
  double lower_, dx_;
  SchemeOptions options_;
  steer::CflControl cfl_;
  steer::Decisions decisions_{{"step", "t", "dt", "smooth", "shock", "contact", "defect", "blended"}};
  std::ptrdiff_t stride_ = 0;
  Field state_[3], twin_[3], source_, defect_;
  std::vector<double> source_u_, source_wide_;
  std::vector<Class> raw_, cells_, faces_;
  Floor floor_{};
  double t_ = 0, rate_ = 0, cut_ = 1, share_[3] = {0, 0, 0};
  int threads_ = 1;
};

}  // namespace trimtab::hyperbolic
